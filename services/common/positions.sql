-- name: read_positions
-- Stored next offsets of some partitions.
SELECT asked.topic, asked.partition, newest.next_offset, newest.fingerprint
FROM unnest($1::text[], $2::int[]) AS asked (topic, partition)
CROSS JOIN LATERAL (
    SELECT p.next_offset, p.fingerprint
    FROM positions AS p
    WHERE p.topic = asked.topic AND p.partition = asked.partition
    ORDER BY p.next_offset DESC -- the row there is lies before all that it was
    LIMIT 1
) AS newest;

-- name: first_positions
-- Whoever stores the first position of a partition waits for others that do; until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('positions ' || current_schema(), 0));

-- name: move_positions
-- Compare-and-set of several positions; the count of moved rows is the verdict. A first position is inserted.
WITH moves AS (
    SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $6::bytea[])
        AS m (topic, partition, expected, following, fingerprint)
), updated AS (
    UPDATE positions AS p
    SET next_offset = m.following, as_of = $5, fingerprint = m.fingerprint
    FROM moves AS m
    WHERE p.topic = m.topic AND p.partition = m.partition AND p.next_offset = m.expected
    RETURNING 1
), inserted AS (
    INSERT INTO positions (topic, partition, next_offset, as_of, fingerprint)
    SELECT m.topic, m.partition, m.following, $5, m.fingerprint
    FROM moves AS m
    WHERE m.expected = 0
        AND NOT EXISTS (
            SELECT FROM positions AS p WHERE p.topic = m.topic AND p.partition = m.partition
        )
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM inserted) AS moved;

-- name: touch_positions
-- Note that a reader at the end of its partitions saw nothing new.
UPDATE positions AS p
SET as_of = $4
FROM unnest($1::text[], $2::int[], $3::bigint[]) AS seen (topic, partition, next_offset)
WHERE p.topic = seen.topic AND p.partition = seen.partition AND p.next_offset = seen.next_offset
    AND p.as_of < $4;
