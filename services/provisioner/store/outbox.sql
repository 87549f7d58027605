-- name: add
-- Decided facts, a batch of one partition a row.
INSERT INTO outbox (partition, records)
SELECT partition, records FROM unnest($1::smallint[], $2::bytea[]) AS new (partition, records);

-- name: next
-- The oldest batches of some partitions. An account's facts lie in the order of their ids.
SELECT id, partition, records
FROM outbox
WHERE partition = ANY($1::smallint[])
ORDER BY id
LIMIT $2;

-- name: done
-- Batches that are confirmed on the log.
DELETE FROM outbox WHERE id = ANY($1::bigint[]);

-- name: depth
-- How many batches wait.
SELECT count(*) FROM outbox;
