-- name: earlier
-- What was asked for under this id before, and whether its rows are still there.
SELECT d.file_sha256, i.purged_at
FROM drafts AS d
JOIN imports AS i ON i.import_id = d.draft_id
WHERE d.draft_id = $1;

-- name: add_draft
-- The request as a draft that is submitted already; nothing if this very request was sent before.
INSERT INTO drafts (
    draft_id, state, project_id, created_at, created_by, expires_at, file_bytes, file_sha256, rows, verdicts, source
)
VALUES ($1, 'submitted', $2, $3, $4, $3, $5, $6, $7, $8, 'api')
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: add_import
-- The import of such a draft: accounts that failed are left to a retry, closed ones are made again.
INSERT INTO imports (
    import_id, project, author, source, submitted_at, idempotency_key, if_erred, if_closed, file_bytes, file_sha256,
    rows, requested, verdicts
)
VALUES ($1, $2, $3, 'api', $4, $5, 'leave', 'reopen', $6, $7, $8, $9, $10);

-- name: places
-- Where the last records of an import lie that is wholly on the log.
SELECT accepted_partition, accepted_offset, places
FROM imports
WHERE import_id = $1 AND published_at IS NOT NULL;

-- name: staged
-- The rows of an import that ask for something, with what its project was.
SELECT r.email, r.description, r.verdict, r.account_id, i.submitted_at, i.author
FROM draft_rows AS r
JOIN imports AS i ON i.import_id = r.draft_id
WHERE r.draft_id = $1 AND r.verdict <> 'duplicate'
ORDER BY r.row;
