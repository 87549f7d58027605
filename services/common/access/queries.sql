-- name: find_token
-- The holder of a valid token.
SELECT user_id, staff
FROM access.tokens
WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- name: add_token
-- Remember a new token by its hash; the same token again changes nothing.
INSERT INTO access.tokens (token_hash, user_id, staff, note, expires_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_hash) DO NOTHING;
