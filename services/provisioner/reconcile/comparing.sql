-- name: forget
-- What an earlier comparison on this connection left behind.
DROP TABLE IF EXISTS pg_temp.found_accounts;

-- name: begin
-- The accounts of the target, for this connection only.
CREATE TEMPORARY TABLE found_accounts (username text NOT NULL, email text, scope text);

-- name: patience
-- Ten minutes for each statement of this connection, until it goes back to the pool.
SET statement_timeout = '10min';

-- name: listed
-- All are in: let the planner know how many.
ANALYZE found_accounts;

-- name: strangers
-- Live accounts of the target that none of ours stands for, nor may come to stand for once its call is recorded.
SELECT f.username, f.email, f.scope, ours.account_id
FROM found_accounts AS f
LEFT JOIN accounts AS ours ON ours.email = lower(f.email) AND (f.scope IS NULL OR ours.scope = f.scope)
WHERE NOT EXISTS (
    SELECT FROM accounts AS a WHERE a.username = f.username AND a.state IN (2, 4)
) AND NOT EXISTS (
    SELECT FROM accounts AS a
    WHERE a.email = lower(f.email) AND (f.scope IS NULL OR a.scope = f.scope)
        AND (a.state = 1 OR (a.state = 3 AND a.effect_unknown) OR (a.state = 4 AND a.username IS NULL))
)
ORDER BY f.username
LIMIT $1;

-- name: missing
-- Accounts we call OK that the target did not show.
SELECT a.username, a.email, a.scope, a.account_id
FROM accounts AS a
WHERE a.state = 2 AND NOT EXISTS (SELECT FROM found_accounts AS f WHERE f.username = a.username)
ORDER BY a.username
LIMIT $1;

-- name: stand
-- Whether an account stands for a user name at the target now.
SELECT EXISTS (SELECT FROM accounts WHERE account_id = $1 AND username = $2 AND state IN (2, 4));
