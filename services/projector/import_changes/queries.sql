-- name: note_changes
-- One entry for each import and partition of a batch, in the next places of the ring. The versions are those that
-- `import_progress` has just been given in this transaction.
INSERT INTO import_changes (import_id, partition, before, version, first_row, last_row, changed)
SELECT u.import_id, u.partition, greatest(0, p.version - u.events), p.version, u.first_row, u.last_row,
    string_to_array(u.changed, ',')::int[]
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::text[])
    AS u (import_id, partition, events, first_row, last_row, changed)
JOIN import_progress AS p USING (import_id, partition)
ON CONFLICT (slot) DO UPDATE SET
    import_id = excluded.import_id, partition = excluded.partition, before = excluded.before,
    version = excluded.version, first_row = excluded.first_row, last_row = excluded.last_row,
    changed = excluded.changed;

-- name: rings
-- How far some imports are in each partition (entries without rows), and all that the ring holds of them, oldest first.
-- The ring is small and read whole, so it needs no index on what changes with every entry.
SELECT import_id, partition, NULL AS before, version, NULL AS first_row, NULL AS last_row, NULL::int[] AS changed
FROM import_progress
WHERE import_id = ANY($1::uuid[])
UNION ALL
SELECT import_id, partition, before, version, first_row, last_row, changed
FROM import_changes
WHERE import_id = ANY($1::uuid[])
ORDER BY version;

-- name: rows_now
-- Some rows as they stand, each looked up by its key.
SELECT r.*, (SELECT bool_or(paused) FROM targets) AS paused
FROM unnest($1::uuid[], $2::int[]) AS asked (import_id, row)
CROSS JOIN LATERAL (
    SELECT c.import_id, c.row, c.line, c.revision, c.email, c.description, c.class, c.account_id, c.duplicate_of,
        c.row_code, c.kept, c.ending, c.standing, c.phase, c.username, c.code, c.message, c.can_retry, c.attempts,
        c.next_attempt_at, c.close_code
    FROM classified_rows AS c
    WHERE c.import_id = asked.import_id AND c.row = asked.row
    OFFSET 0
) AS r;
