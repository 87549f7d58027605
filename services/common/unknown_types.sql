-- name: keep_unknown
-- Add to where records of types lie that only a newer version knows; beyond $8 types of a partition as one.
WITH passed AS (
    SELECT
        n.*,
        EXISTS (
            SELECT FROM unknown_types AS k
            WHERE k.topic = n.topic AND k.partition = n.partition AND k.type = n.type
        ) AS kept,
        row_number() OVER (PARTITION BY n.topic, n.partition ORDER BY n.first_offset) + (
            SELECT count(*) FROM unknown_types AS k WHERE k.topic = n.topic AND k.partition = n.partition
        ) AS place
    FROM unnest($1::text[], $2::int[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
        AS n (topic, partition, type, first_offset, last_offset, records)
)
INSERT INTO unknown_types AS u (topic, partition, type, first_offset, last_offset, records, first_at, last_at)
SELECT p.topic, p.partition, CASE WHEN p.kept OR p.place <= $8 THEN p.type ELSE 'others' END AS kind,
    min(p.first_offset), max(p.last_offset), sum(p.records), $7::timestamptz, $7::timestamptz
FROM passed AS p
GROUP BY p.topic, p.partition, kind
ON CONFLICT (topic, partition, type) DO UPDATE
SET last_offset = greatest(u.last_offset, excluded.last_offset), records = u.records + excluded.records,
    last_at = excluded.last_at;

-- name: read_again
-- Go back in partitions where a type is known by now ($3), before all that is kept of it: that counts anew.
WITH back AS (
    SELECT u.topic, u.partition, min(u.first_offset) AS first_offset
    FROM unknown_types AS u
    JOIN unnest($1::text[], $2::int[]) AS asked (topic, partition)
        ON asked.topic = u.topic AND asked.partition = u.partition
    GROUP BY u.topic, u.partition
    HAVING bool_or(u.type = ANY($3::text[]))
), forgotten AS (
    DELETE FROM unknown_types AS u
    USING back
    WHERE u.topic = back.topic AND u.partition = back.partition
)
UPDATE positions AS p
SET next_offset = least(p.next_offset, back.first_offset), fingerprint = NULL
FROM back
WHERE p.topic = back.topic AND p.partition = back.partition
RETURNING p.topic, p.partition, p.next_offset;
