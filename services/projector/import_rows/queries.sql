-- name: insert_rows
-- New rows, some of which may be there already.
INSERT INTO import_rows (import_id, row, revision, line, email, description, account_id, code, duplicate_of, claim,
    pinned, kept, ending, failed)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::text[], $7::uuid[],
    $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bool[])
ON CONFLICT DO NOTHING;

-- name: change_rows
-- Rows that stand otherwise to their account than before; they are there. An upsert, because its plan never
-- depends on statistics.
INSERT INTO import_rows (import_id, row, revision, line, email, description, claim, pinned, kept, ending, failed)
SELECT u.import_id, u.row, u.revision, 0, '', '', u.claim, u.pinned, u.kept, u.ending, u.failed
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[])
    AS u (import_id, row, revision, claim, pinned, kept, ending, failed)
ON CONFLICT (import_id, row, revision) DO UPDATE SET
    claim = excluded.claim, pinned = excluded.pinned, kept = excluded.kept, ending = excluded.ending,
    failed = excluded.failed;

-- name: insert_row_class
-- One line of the table of classes.
INSERT INTO row_classes (claim, standing, class) VALUES ($1, $2, $3);

-- name: project_of_import
-- The project of an import that appears.
SELECT project_id FROM imports WHERE import_id = $1 AND submitted IS NOT NULL;

-- name: classes_there
-- The classes of which an import may have a row. Pending ones are not counted, but are what remains; a corrected row is
-- counted twice. While the account service is paused they are waiting.
SELECT array_remove(ARRAY[
    CASE WHEN s.pending AND NOT pause.paused THEN 'pending' END,
    CASE WHEN s.waiting > 0 OR (s.pending AND pause.paused) THEN 'waiting' END,
    CASE WHEN s.created > 0 THEN 'created' END, CASE WHEN s.failed > 0 THEN 'failed' END,
    CASE WHEN s.cancelled > 0 THEN 'cancelled' END, CASE WHEN s.closed > 0 THEN 'closed' END,
    CASE WHEN s.existing > 0 THEN 'existing' END, CASE WHEN s.duplicate > 0 THEN 'duplicate' END,
    CASE WHEN s.invalid > 0 THEN 'invalid' END], NULL)
FROM (
    SELECT sum(waiting) AS waiting, sum(created) AS created, sum(failed) AS failed, sum(cancelled) AS cancelled,
        sum(closed) AS closed, sum(existing) AS existing, sum(duplicate) AS duplicate, sum(invalid) AS invalid,
        coalesce((SELECT i.rows FROM imports AS i WHERE i.import_id = $1), 0) > coalesce(sum(created + failed + waiting
            + cancelled + closed + existing + duplicate + invalid - corrections), 0) AS pending
    FROM import_progress
    WHERE import_id = $1
) AS s
CROSS JOIN target_pause AS pause;

-- name: window_end
-- The row where a window of so many rows ends; none if the import ends first.
SELECT row FROM import_rows WHERE import_id = $1 AND row > $2 ORDER BY row OFFSET $3 LIMIT 1;

-- name: window_end_aside
-- The same among the rows that somebody looks for (index import_rows_aside).
SELECT row FROM import_rows
WHERE import_id = $1 AND row > $2 AND (account_id IS NULL OR failed OR ending IS NOT NULL)
ORDER BY row OFFSET $3 LIMIT 1;

-- name: list_rows
-- The rows of a window in their order, by class, code, text, or what an undo came to.
SELECT row, line, revision, email, description, class, account_id, duplicate_of, row_code, kept, ending, standing,
    phase, username, code, message, can_retry, attempts, next_attempt_at, close_code,
    (SELECT bool_or(paused) FROM targets) AS paused
FROM classified_rows
WHERE import_id = $1 AND row > $2 AND row <= $7
    AND ($3::text[] IS NULL OR class = ANY($3))
    AND ($4::text[] IS NULL OR row_code = ANY($4) OR (class IN ('failed', 'waiting') AND code = ANY($4))
        OR close_code = ANY($4))
    AND ($5::text IS NULL OR strpos(lower(email), lower($5)) > 0 OR strpos(lower(description), lower($5)) > 0)
    AND ($8::text[] IS NULL OR ending = ANY($8))
    {aside}
ORDER BY row
LIMIT $6;

-- name: one_row
-- One row in its highest revision.
SELECT row, line, revision, email, description, class, account_id, duplicate_of, row_code, kept, ending, standing,
    phase, username, code, message, can_retry, attempts, next_attempt_at, close_code,
    (SELECT bool_or(paused) FROM targets) AS paused
FROM classified_rows
WHERE import_id = $1 AND row = $2;
