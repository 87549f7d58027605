-- name: add_draft
-- A draft that is about to be read; remembers whether the same bytes were imported into the project before.
INSERT INTO drafts (
    draft_id, state, project_id, created_at, created_by, expires_at, lease_until,
    file_name, file_bytes, file_sha256, seen_before
)
VALUES ($1, 'reading', $2, $3, $4, $5, $6, $7, $8, $9, (
    SELECT jsonb_build_object(
        'uuid', replace(i.import_id::text, '-', ''),
        'submitted', to_char(i.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'created_by', i.author
    )
    FROM imports AS i
    WHERE i.file_sha256 = $9 AND i.project ->> 'project_id' = $2::uuid::text
    ORDER BY i.submitted_at DESC
    LIMIT 1
));

-- name: find_draft
-- One draft.
SELECT draft_id, state, project_id, created_at, created_by, expires_at, file_name, file_bytes, file_sha256,
    layout, notes, fault, rows, blank, verdicts, preview_hash, seen_before
FROM drafts
WHERE draft_id = $1;

-- name: lock_draft
-- One draft, for a change of its state.
SELECT draft_id, state, project_id, created_at, created_by, expires_at, file_name, file_bytes, file_sha256,
    layout, notes, fault, rows, blank, verdicts, preview_hash, seen_before
FROM drafts
WHERE draft_id = $1
FOR UPDATE;

-- name: progress
-- The reader lives and has staged this many rows; nothing if somebody took it for dead.
UPDATE drafts
SET rows = $2, lease_until = $3
WHERE draft_id = $1 AND state = 'reading'
RETURNING 1;

-- name: renew
-- The reader lives.
UPDATE drafts
SET lease_until = $2
WHERE draft_id = $1 AND state = 'reading';

-- name: preview
-- All rows are staged.
UPDATE drafts
SET state = 'previewed', lease_until = NULL, layout = $2, notes = $3, rows = $4, blank = $5, verdicts = $6,
    preview_hash = $7
WHERE draft_id = $1 AND state = 'reading'
RETURNING 1;

-- name: reject
-- The file cannot be read; nothing of it stays but the record.
WITH rejected AS (
    UPDATE drafts
    SET state = 'rejected', lease_until = NULL, fault = $2, rows = 0
    WHERE draft_id = $1 AND state = 'reading'
    RETURNING draft_id
), gone AS (
    DELETE FROM draft_rows WHERE draft_id IN (SELECT draft_id FROM rejected)
)
SELECT count(*) FROM rejected;

-- name: page
-- Staged rows after a row, all or of one verdict.
SELECT row, line, email, description, verdict, code, duplicate_of, account_id
FROM draft_rows
WHERE draft_id = $1 AND row > $2 AND ($3::text IS NULL OR verdict = $3)
ORDER BY row
LIMIT $4;

-- name: reject_abandoned
-- Drafts whose reader died: their process ended in the middle.
WITH abandoned AS (
    UPDATE drafts
    SET state = 'rejected', lease_until = NULL, fault = $2, rows = 0
    WHERE state = 'reading' AND lease_until < $1
    RETURNING draft_id
), gone AS (
    DELETE FROM draft_rows WHERE draft_id IN (SELECT draft_id FROM abandoned)
)
SELECT count(*) FROM abandoned;

-- name: expire
-- Some drafts that nobody submitted in time: their rows and file name go.
WITH late AS (
    SELECT draft_id FROM drafts
    WHERE state = 'previewed' AND expires_at < $1
    ORDER BY expires_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
), expired AS (
    UPDATE drafts
    SET state = 'expired', file_name = NULL
    WHERE draft_id IN (SELECT draft_id FROM late)
    RETURNING draft_id
), gone AS (
    DELETE FROM draft_rows WHERE draft_id IN (SELECT draft_id FROM expired)
)
SELECT count(*) FROM expired;
