-- name: add
-- Decided facts, a batch of one partition a row.
INSERT INTO outbox (partition, records)
SELECT partition, records FROM unnest($1::smallint[], $2::bytea[]) AS new (partition, records);

-- name: next
-- The oldest batches of some partitions after an id. An account's facts lie in the order of their ids.
SELECT id, partition, records,
    greatest(0, extract(epoch FROM clock_timestamp() - added_at))::float8 AS age
FROM outbox
WHERE id > $3 AND partition = ANY($1::smallint[])
ORDER BY id
LIMIT $2;

-- name: oldest
-- The lowest id after another that still waits in some partitions.
SELECT id FROM outbox WHERE id > $2 AND partition = ANY($1::smallint[]) ORDER BY id LIMIT 1;

-- name: last_id
-- The highest id that was given out; its batch may not be committed yet.
SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM outbox_id_seq;

-- name: writers
-- Transactions under way that may have put something into the outbox.
SELECT virtualtransaction
FROM pg_locks
WHERE locktype = 'relation' AND relation = 'outbox'::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

-- name: done
-- Batches that are confirmed on the log.
DELETE FROM outbox WHERE id = ANY($1::bigint[]);

-- name: depth
-- How many batches wait.
SELECT count(*) FROM outbox;
