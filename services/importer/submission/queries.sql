-- name: find_import
-- One submitted import.
SELECT import_id, project ->> 'project_id' AS project_id, author, source, submitted_at, idempotency_key,
    if_erred, if_closed, rows, requested, verdicts, answer
FROM imports
WHERE import_id = $1;

-- name: add_import
-- A draft becomes an import of the same id; the file's data come from the draft.
INSERT INTO imports (
    import_id, project, author, source, submitted_at, idempotency_key, if_erred, if_closed,
    file_name, file_bytes, file_sha256, rows, requested, verdicts
)
SELECT draft_id, $2, $3, $4, $5, $6, $7, $8, file_name, file_bytes, file_sha256, rows, $9, verdicts
FROM drafts
WHERE draft_id = $1;

-- name: mark_submitted
-- previewed → submitted
UPDATE drafts SET state = 'submitted' WHERE draft_id = $1;

-- name: acceptance
-- Where ImportAccepted lies on the log, once it is confirmed.
SELECT accepted_partition, accepted_offset
FROM imports
WHERE import_id = $1 AND accepted_offset IS NOT NULL;

-- name: keep_answer
-- What was answered first is what the same request is answered again.
UPDATE imports SET answer = $2 WHERE import_id = $1 AND answer IS NULL;
