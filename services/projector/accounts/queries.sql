-- name: load_accounts
-- The accounts a batch is about, as the fold needs them.
SELECT account_id, modified, version, standing, phase, username, code, message, can_retry, attempts,
    next_attempt_at, expires_at, life, uncertain, close_code, claims, email IS NOT NULL
FROM accounts
WHERE account_id = ANY($1::uuid[]);

-- name: make_news
-- Where news of known accounts wait for the statement that takes them over; each connection has its own.
CREATE TEMPORARY TABLE IF NOT EXISTS news_of_accounts (
    account_id uuid, modified timestamptz, version integer, standing text, phase text, username text, code text,
    message text, can_retry boolean, attempts integer, next_attempt_at timestamptz, expires_at timestamptz,
    life integer, uncertain boolean, close_code text, claims text, project_id uuid, email text, address text,
    description text, requested_by text, created timestamptz
) ON COMMIT DELETE ROWS;

-- name: write_news
-- Take the news over. An upsert, because its plan never depends on statistics; what the first request said is
-- written when it comes.
WITH news AS (DELETE FROM news_of_accounts RETURNING *)
INSERT INTO accounts AS a (account_id, modified, version, standing, phase, username, code, message, can_retry,
    attempts, next_attempt_at, expires_at, life, uncertain, close_code, claims, project_id, email, address,
    description, requested_by, created)
SELECT * FROM news
ON CONFLICT (account_id) DO UPDATE SET
    modified = excluded.modified, version = excluded.version, standing = excluded.standing,
    phase = excluded.phase, username = excluded.username, code = excluded.code, message = excluded.message,
    can_retry = excluded.can_retry, attempts = excluded.attempts,
    next_attempt_at = excluded.next_attempt_at, expires_at = excluded.expires_at, life = excluded.life,
    uncertain = excluded.uncertain, close_code = excluded.close_code, claims = excluded.claims,
    project_id = coalesce(a.project_id, excluded.project_id), email = coalesce(a.email, excluded.email),
    address = coalesce(a.address, excluded.address), description = coalesce(a.description, excluded.description),
    requested_by = coalesce(a.requested_by, excluded.requested_by),
    created = coalesce(a.created, excluded.created);

-- name: one_account
-- One account, as in the list.
SELECT a.account_id, a.created, a.modified, a.project_id, a.requested_by, a.username, a.standing, a.phase,
    a.code, a.message, a.close_code, a.next_attempt_at, a.email, a.description, p.name AS project_name,
    p.slug AS project_slug, p.start_date AS project_start_date, p.end_date AS project_end_date, p.customer_id, p.customer_name
FROM accounts AS a
LEFT JOIN projects AS p ON p.project_id = a.project_id
WHERE a.account_id = $1 AND a.email IS NOT NULL;

-- name: has_version
-- Whether an account is listed with a fact that is at least so new.
SELECT EXISTS (SELECT FROM accounts WHERE account_id = $1 AND version >= $2 AND email IS NOT NULL);
