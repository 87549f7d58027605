-- name: page
-- What was done, the newest first.
SELECT audit_id, at, user_id, staff, credential, service, action, objects, project_id, status, request_id
FROM access.audit
WHERE ($1::text IS NULL OR user_id = $1) AND ($2::text IS NULL OR action = $2)
  AND ($3::text IS NULL OR objects @> ARRAY[$3]) AND ($4::uuid IS NULL OR project_id = $4)
  AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
  AND ($7::bigint IS NULL OR audit_id < $7)
ORDER BY audit_id DESC LIMIT $8;
