-- name: use_sign_in
-- Take a one-time token; nobody can a second time.
UPDATE access.sign_ins SET used_at = now()
WHERE sign_in_hash = $1 AND used_at IS NULL AND expires_at > now()
RETURNING user_id, staff;

-- name: add_for_sign_in
-- A session of somebody who came by a one-time token.
INSERT INTO access.sessions (session_hash, user_id, staff, may_write, expires_at)
VALUES ($1, $2, $3, true, now() + make_interval(secs => $4))
RETURNING session_id, user_id, staff, may_write, expires_at;

-- name: add_for_token
-- A session with the rights of an API token, which ends with the token at the latest.
INSERT INTO access.sessions (session_hash, user_id, staff, may_write, projects, token_id, expires_at)
SELECT $1::bytea, user_id, staff, may_write, projects, token_id,
    least(now() + make_interval(secs => $3), coalesce(expires_at, 'infinity'))
FROM access.tokens
WHERE token_hash = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
RETURNING session_id, user_id, staff, may_write, expires_at;

-- name: expires
-- When a token or a session ends.
SELECT expires_at FROM access.sessions WHERE session_id = $1
UNION ALL
SELECT expires_at FROM access.tokens WHERE token_id = $1;

-- name: end
-- Sign somebody out.
UPDATE access.sessions SET revoked_at = now() WHERE session_id = $1 AND revoked_at IS NULL;

-- name: add_sign_in
-- A one-time token for somebody.
INSERT INTO access.sign_ins (sign_in_hash, user_id, staff, created_by, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
RETURNING expires_at;

-- name: forget_sessions
-- Take away sessions that ended a while ago.
DELETE FROM access.sessions WHERE expires_at < now() - interval '7 days';

-- name: forget_sign_ins
-- Take away one-time tokens that are of no use any more.
DELETE FROM access.sign_ins WHERE expires_at < now() - interval '7 days';
