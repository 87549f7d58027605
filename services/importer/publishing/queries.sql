-- name: next_turn
-- The unfinished import that was served longest ago and that no other publisher has in hand.
SELECT import_id, project, author, source, submitted_at, if_erred, if_closed, file_name, file_bytes, file_sha256,
    rows, requested, verdicts, accepted_offset, skipped_to, skipped_done, requested_to
FROM imports
WHERE published_at IS NULL
ORDER BY served_at NULLS FIRST, submitted_at
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: skipped_rows
-- The next rows that ask for nothing.
SELECT row, line, email, description, verdict, code, duplicate_of
FROM draft_rows
WHERE draft_id = $1 AND row > $2 AND verdict IN ('invalid', 'duplicate')
ORDER BY row
LIMIT $3;

-- name: requested_rows
-- The next rows that become requests.
SELECT row, line, email, coalesce(canonical_email, email) AS canonical_email, description, account_id
FROM draft_rows
WHERE draft_id = $1 AND row > $2 AND verdict NOT IN ('invalid', 'duplicate')
ORDER BY row
LIMIT $3;

-- name: accepted
-- ImportAccepted is on the log; perhaps no row is to be skipped.
UPDATE imports
SET accepted_partition = $2, accepted_offset = $3, skipped_done = $4, served_at = $5
WHERE import_id = $1;

-- name: skipped
-- Rows up to this one are in confirmed RowsSkipped.
UPDATE imports
SET skipped_to = $2, skipped_done = $3, served_at = $4
WHERE import_id = $1;

-- name: requested
-- Rows up to this one are confirmed AccountRequested; perhaps that was all.
UPDATE imports
SET requested_to = $2, served_at = $4, published_at = CASE WHEN $3 THEN $4::timestamptz END
WHERE import_id = $1;

-- name: unfinished
-- How many imports are not all on the log.
SELECT count(*) FROM imports WHERE published_at IS NULL;
