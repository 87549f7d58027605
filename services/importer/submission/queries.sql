-- name: find_import
-- One submitted import.
SELECT i.import_id, i.project ->> 'project_id' AS project_id, i.author, i.source, i.submitted_at,
    i.idempotency_key, i.if_erred, i.if_closed, i.rows, i.requested, i.verdicts, a.answer
FROM imports AS i
LEFT JOIN answers AS a USING (import_id)
WHERE i.import_id = $1;

-- name: add_import
-- A draft becomes an import of the same id; the file's data come from the draft.
INSERT INTO imports (
    import_id, project, author, source, submitted_at, idempotency_key, if_erred, if_closed,
    file_name, file_bytes, file_sha256, rows, requested, verdicts
)
SELECT draft_id, $2, $3, source, $4, $5, $6, $7, file_name, file_bytes, file_sha256, rows, $8, verdicts
FROM drafts
WHERE draft_id = $1;

-- name: mark_submitted
-- previewed → submitted; from now on the staged rows are what counts, and the file goes
WITH file AS (
    DELETE FROM draft_files WHERE draft_id = $1
)
UPDATE drafts
SET state = 'submitted', has_file = false, layout = layout - 'sample' - 'encodings'
WHERE draft_id = $1;

-- name: acceptance
-- Where ImportAccepted lies on the log, once it is confirmed.
SELECT accepted_partition, accepted_offset
FROM imports
WHERE import_id = $1 AND accepted_offset IS NOT NULL;

-- name: keep_answer
-- What was answered first is what the same request is answered again.
INSERT INTO answers (import_id, answer) VALUES ($1, $2) ON CONFLICT DO NOTHING;
