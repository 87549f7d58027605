-- name: add_sign_in
-- A one-time token of a staff member, by the hash of it.
INSERT INTO access.sign_ins (sign_in_hash, user_id, staff, expires_at)
VALUES ($1, $2, true, now() + make_interval(secs => $3));
