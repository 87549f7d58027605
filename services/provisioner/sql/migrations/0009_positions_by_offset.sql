-- A position moves many times a second. While somebody holds an old snapshot open its former rows cannot be cleared
-- away; found by its offset, none of them is looked at. One row a partition: who inserts the first holds a lock.
ALTER TABLE positions DROP CONSTRAINT positions_pkey, ADD PRIMARY KEY (topic, partition, next_offset);
