-- name: earlier
-- What this source asked for under this key, or what this id stands for: at most two imports.
SELECT import_id, source, idempotency_key, project_id
FROM requested_imports
WHERE import_id = $1 OR (source = $2 AND idempotency_key = $3);

-- name: add_request
-- A source asks for an import under a key; nothing if key or id are taken.
INSERT INTO requested_imports (import_id, source, idempotency_key, project_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: add_draft
-- The request as a draft that is submitted already; nothing if the id belongs to an upload.
INSERT INTO drafts (
    draft_id, state, project_id, created_at, created_by, expires_at, file_bytes, file_sha256, rows, verdicts, source
)
VALUES ($1, 'submitted', $2, $3, $4, $3, $5, $6, $7, $8, 'topic')
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: add_import
-- The import of such a draft; no file is behind it.
INSERT INTO imports (
    import_id, project, author, source, submitted_at, idempotency_key, if_erred, if_closed, rows, requested, verdicts,
    cause_id
)
VALUES ($1, $2, $3, 'topic', $4, $5, 'retry', 'reopen', $6, $7, $8, $9);

-- name: add_letters
-- Answers to senders; the same request again is answered once.
INSERT INTO dead_letters (topic, partition, record_offset, key, headers, value)
SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::json[], $6::bytea[])
ON CONFLICT DO NOTHING;

-- name: letters
-- Answers that wait, for one process to send.
SELECT topic, partition, record_offset, key, headers, value
FROM dead_letters
ORDER BY topic, partition, record_offset
LIMIT $1
FOR UPDATE SKIP LOCKED;

-- name: sent
-- These answers are confirmed.
DELETE FROM dead_letters AS d
USING unnest($1::text[], $2::int[], $3::bigint[]) AS sent (topic, partition, record_offset)
WHERE d.topic = sent.topic AND d.partition = sent.partition AND d.record_offset = sent.record_offset;
