-- name: hold_position
-- The position of a partition, locked: no batch of it is stored until the transaction ends.
SELECT next_offset
FROM positions
WHERE topic = $1 AND partition = $2
ORDER BY next_offset DESC -- the row there is lies before all that it was
LIMIT 1
FOR UPDATE;
