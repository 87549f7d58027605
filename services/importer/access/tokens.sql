-- name: lock_holder
-- Count the tokens of one person one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('tokens of ' || $1, 0));

-- name: count_valid
-- How many tokens of a person are good now.
SELECT count(*) FROM access.tokens
WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- name: end_for
-- When the token ends that somebody came with, or the one their session was traded for.
SELECT expires_at FROM access.tokens
WHERE token_id IN ($1, (SELECT token_id FROM access.sessions WHERE session_id = $1));

-- name: add
-- Remember a new token.
INSERT INTO access.tokens (token_hash, user_id, staff, may_write, projects, note, expires_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING token_id, user_id, staff, may_write, projects, note, created_at, created_by, expires_at, last_used_at,
    revoked_at;

-- name: page
-- Tokens, the newest first; of one person where one is named.
SELECT token_id, user_id, staff, may_write, projects, note, created_at, created_by, expires_at, last_used_at,
    revoked_at
FROM access.tokens
WHERE ($1::text IS NULL OR user_id = $1) AND ($2::text IS NULL OR user_id = $2)
  AND ($3::timestamptz IS NULL OR (created_at, token_id) < ($3, $4::uuid))
ORDER BY created_at DESC, token_id DESC LIMIT $5;

-- name: find
-- One token; of one person where one is named.
SELECT token_id, user_id, staff, may_write, projects, note, created_at, created_by, expires_at, last_used_at,
    revoked_at
FROM access.tokens
WHERE token_id = $1 AND ($2::text IS NULL OR user_id = $2);

-- name: revoke
-- End a token; one that has ended stays as it is.
UPDATE access.tokens SET revoked_at = coalesce(revoked_at, now())
WHERE token_id = $1 AND ($2::text IS NULL OR user_id = $2)
RETURNING true;
