-- name: newest
-- Drafts of some projects (null: of all), in some states (null: in any), the newest first, after a place.
SELECT draft_id, state, project_id, created_at, created_by, expires_at, source, file_name, file_bytes, rows, verdicts
FROM drafts
WHERE ($1::uuid[] IS NULL OR project_id = ANY($1))
    AND ($2::text[] IS NULL OR state = ANY($2))
    AND ($3::timestamptz IS NULL OR (created_at, draft_id) < ($3, $4::uuid))
ORDER BY created_at DESC, draft_id DESC
LIMIT $5;
