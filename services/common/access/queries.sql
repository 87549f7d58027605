-- name: find_token
-- The holder of a valid token, with the roles it still has, and whether its last use should be written down again.
SELECT
    found.token_id::text AS credential, found.user_id, found.staff, found.may_write, found.projects,
    coalesce(found.last_used_at < now() - interval '1 minute', true) AS use_is_old,
    array_agg(role.project_id) FILTER (WHERE role.project_id IS NOT NULL) AS role_projects,
    array_agg(role.role) FILTER (WHERE role.project_id IS NOT NULL) AS roles
FROM access.tokens AS found
LEFT JOIN access.project_roles AS role
    ON role.user_id = found.user_id AND (found.projects IS NULL OR role.project_id = ANY (found.projects))
WHERE found.token_hash = $1 AND found.revoked_at IS NULL
  AND (found.expires_at IS NULL OR found.expires_at > now())
GROUP BY found.token_hash;

-- name: find_session
-- The same for a session; one that was traded for a token ends with it.
SELECT
    found.session_id::text AS credential, found.user_id, found.staff, found.may_write, found.projects,
    coalesce(found.last_used_at < now() - interval '1 minute', true) AS use_is_old,
    array_agg(role.project_id) FILTER (WHERE role.project_id IS NOT NULL) AS role_projects,
    array_agg(role.role) FILTER (WHERE role.project_id IS NOT NULL) AS roles
FROM access.sessions AS found
LEFT JOIN access.tokens AS token ON token.token_id = found.token_id
LEFT JOIN access.project_roles AS role
    ON role.user_id = found.user_id AND (found.projects IS NULL OR role.project_id = ANY (found.projects))
WHERE found.session_hash = $1 AND found.revoked_at IS NULL AND found.expires_at > now()
  AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > now())
GROUP BY found.session_hash;

-- name: use_token
-- Write down that a token is in use, once a minute at most.
UPDATE access.tokens SET last_used_at = now()
WHERE token_hash = $1 AND coalesce(last_used_at < now() - interval '1 minute', true);

-- name: use_session
-- The same for a session.
UPDATE access.sessions SET last_used_at = now()
WHERE session_hash = $1 AND coalesce(last_used_at < now() - interval '1 minute', true);

-- name: add_token
-- Remember a new token by its hash; the same token again changes nothing.
INSERT INTO access.tokens (token_hash, user_id, staff, note, expires_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_hash) DO NOTHING;
