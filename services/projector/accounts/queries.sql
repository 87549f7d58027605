-- name: load_accounts
-- The accounts a batch is about, as the fold needs them.
SELECT account_id, modified, version, standing, phase, username, code, message, can_retry, attempts,
    next_attempt_at, expires_at, life, uncertain, close_code, claims, email IS NOT NULL
FROM accounts
WHERE account_id = ANY($1::uuid[]);

-- name: write_fresh_accounts
-- Accounts with one request and nothing else, nearly all new ones: what is not sent is as in an empty view.
INSERT INTO accounts (account_id, project_id, email, description, requested_by, created, claims, modified,
    version, standing, phase, can_retry, attempts, life)
SELECT u.account_id, u.project_id, u.email, u.description, u.requested_by, u.created, u.claims, u.created,
    0, 'pending', 'queued', false, 0, 1
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
    AS u (account_id, project_id, email, description, requested_by, created, claims);

-- name: write_new_accounts
-- Accounts whose first request was folded; one may be there already if an outcome came before its request.
INSERT INTO accounts (account_id, modified, version, standing, phase, username, code, message, can_retry,
    attempts, next_attempt_at, expires_at, life, uncertain, close_code, claims, project_id, email, description,
    requested_by, created)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::bool[], $10::int[], $11::timestamptz[], $12::timestamptz[], $13::int[], $14::bool[],
    $15::text[], $16::text[], $17::uuid[], $18::text[], $19::text[], $20::text[], $21::timestamptz[])
ON CONFLICT (account_id) DO UPDATE SET
    modified = excluded.modified, version = excluded.version, standing = excluded.standing,
    phase = excluded.phase, username = excluded.username, code = excluded.code, message = excluded.message,
    can_retry = excluded.can_retry, attempts = excluded.attempts,
    next_attempt_at = excluded.next_attempt_at, expires_at = excluded.expires_at, life = excluded.life,
    uncertain = excluded.uncertain, close_code = excluded.close_code, claims = excluded.claims, project_id = excluded.project_id, email = excluded.email,
    description = excluded.description, requested_by = excluded.requested_by, created = excluded.created;

-- name: write_known_accounts
-- News of known accounts. An upsert, because its plan never depends on statistics.
INSERT INTO accounts (account_id, modified, version, standing, phase, username, code, message, can_retry,
    attempts, next_attempt_at, expires_at, life, uncertain, close_code, claims)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::bool[], $10::int[], $11::timestamptz[], $12::timestamptz[], $13::int[], $14::bool[],
    $15::text[], $16::text[])
ON CONFLICT (account_id) DO UPDATE SET
    modified = excluded.modified, version = excluded.version, standing = excluded.standing,
    phase = excluded.phase, username = excluded.username, code = excluded.code, message = excluded.message,
    can_retry = excluded.can_retry, attempts = excluded.attempts,
    next_attempt_at = excluded.next_attempt_at, expires_at = excluded.expires_at, life = excluded.life,
    uncertain = excluded.uncertain, close_code = excluded.close_code, claims = excluded.claims;

-- name: write_created_accounts
-- Known accounts that were made, and nothing else; short, because nearly every account comes here once.
INSERT INTO accounts (account_id, modified, version, username, attempts, expires_at, standing, can_retry, life,
    claims)
SELECT u.*, 'ok', false, 1, '[]'
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[], $5::int[], $6::timestamptz[]) AS u
ON CONFLICT (account_id) DO UPDATE SET
    modified = excluded.modified, version = excluded.version, username = excluded.username,
    attempts = excluded.attempts, expires_at = excluded.expires_at, standing = 'ok', phase = NULL,
    code = NULL, message = NULL, can_retry = false, next_attempt_at = NULL, uncertain = false, close_code = NULL;

-- name: count_accounts
-- How many accounts a list has.
SELECT count(*)
FROM accounts AS a
WHERE a.email IS NOT NULL
    AND ($1::text IS NULL OR strpos(lower(a.email), lower($1)) > 0)
    AND ($2::text IS NULL OR a.username = $2)
    AND ($3::text[] IS NULL OR a.standing = ANY($3))
    AND ($4::uuid IS NULL OR a.project_id = $4);

-- name: list_accounts
-- One page of accounts; the order is put in from a closed list.
SELECT a.account_id, a.created, a.modified, a.project_id, a.requested_by, a.username, a.standing, a.phase,
    a.code, a.message, a.email, a.description, p.name AS project_name, p.slug AS project_slug,
    p.start_date AS project_start_date, p.end_date AS project_end_date, p.customer_id, p.customer_name
FROM accounts AS a
LEFT JOIN projects AS p ON p.project_id = a.project_id
WHERE a.email IS NOT NULL
    AND ($1::text IS NULL OR strpos(lower(a.email), lower($1)) > 0)
    AND ($2::text IS NULL OR a.username = $2)
    AND ($3::text[] IS NULL OR a.standing = ANY($3))
    AND ($4::uuid IS NULL OR a.project_id = $4)
ORDER BY {order}
LIMIT $5 OFFSET $6;

-- name: one_account
-- One account, as in the list.
SELECT a.account_id, a.created, a.modified, a.project_id, a.requested_by, a.username, a.standing, a.phase,
    a.code, a.message, a.email, a.description, p.name AS project_name, p.slug AS project_slug,
    p.start_date AS project_start_date, p.end_date AS project_end_date, p.customer_id, p.customer_name
FROM accounts AS a
LEFT JOIN projects AS p ON p.project_id = a.project_id
WHERE a.account_id = $1 AND a.email IS NOT NULL;

-- name: has_version
-- Whether an account is listed with a fact that is at least so new.
SELECT EXISTS (SELECT FROM accounts WHERE account_id = $1 AND version >= $2 AND email IS NOT NULL);
