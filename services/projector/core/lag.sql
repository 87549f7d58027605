-- name: positions_of_set
-- The positions of the set in use, with its name; one row without a topic if it has none yet.
SELECT current_schema() AS set, p.topic, p.partition, p.next_offset, p.as_of
FROM (SELECT 1) AS one
LEFT JOIN positions AS p ON true
ORDER BY p.topic, p.partition;
