-- name: load
-- Accounts by id, locked: what is decided about them is decided on what is stored.
SELECT account_id, project_id, partition, version, state, life, series, attempt, effect_unknown, next_attempt_at, code,
    username, doubts, import_id, request_id, import_row, revision, other_claims, course_ends, email, scope, owner, body
FROM accounts
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
FOR UPDATE;

-- name: rewrite
-- Everything a fact can change, for accounts whose version is still the expected one; answers who they were.
UPDATE accounts AS a
SET version = n.version, state = n.state, life = n.life, series = n.series, attempt = n.attempt,
    effect_unknown = n.effect_unknown, next_attempt_at = n.next_attempt_at, code = n.code, username = n.username,
    doubts = n.doubts, import_id = n.import_id, request_id = n.request_id, import_row = n.import_row, revision = n.revision,
    other_claims = n.other_claims, scope = n.scope, owner = n.owner, course_ends = n.course_ends, body = n.body
FROM unnest(
    $1::uuid[], $2::int[], $3::int[], $4::smallint[], $5::smallint[], $6::smallint[], $7::int[], $8::boolean[],
    $9::timestamptz[], $10::text[], $11::text[], $12::smallint[], $13::uuid[], $14::uuid[], $15::int[], $16::int[],
    $17::text[], $18::text[], $19::text[], $20::date[], $21::bytea[]
) AS n (
    account_id, expected, version, state, life, series, attempt, effect_unknown,
    next_attempt_at, code, username, doubts, import_id, request_id, import_row, revision, other_claims,
    scope, owner, course_ends, body
)
WHERE a.account_id = n.account_id AND a.version = n.expected
RETURNING a.account_id;

-- name: record
-- What an outcome changes, for accounts whose version is still the expected one; answers who they were.
UPDATE accounts AS a
SET version = n.version, state = n.state, attempt = n.attempt, effect_unknown = n.effect_unknown,
    next_attempt_at = n.next_attempt_at, code = n.code, username = n.username, doubts = n.doubts
FROM unnest(
    $1::uuid[], $2::int[], $3::int[], $4::smallint[], $5::int[], $6::boolean[], $7::timestamptz[], $8::text[],
    $9::text[], $10::smallint[]
) AS n (account_id, expected, version, state, attempt, effect_unknown, next_attempt_at, code, username, doubts)
WHERE a.account_id = n.account_id AND a.version = n.expected
RETURNING a.account_id;

-- name: read
-- Accounts by id, as they are at this moment.
SELECT account_id, project_id, partition, version, state, life, series, attempt, effect_unknown, next_attempt_at, code,
    username, doubts, import_id, request_id, import_row, revision, other_claims, course_ends, email, scope, owner, body
FROM accounts
WHERE account_id = ANY($1::uuid[]);

-- name: projects_of
-- The projects of some accounts.
SELECT account_id, project_id FROM accounts WHERE account_id = ANY($1::uuid[]);

-- name: followed_by
-- Pending accounts among whose later claims is one of these imports. Reads only accounts asked for more than once.
SELECT account_id
FROM accounts
WHERE partition = ANY($1::smallint[]) AND other_claims IS NOT NULL AND state = 1
    AND EXISTS (SELECT FROM unnest($2::text[]) AS stopped WHERE strpos(other_claims, stopped) > 0);

-- name: states
-- The states of some accounts, for previews.
SELECT account_id, state
FROM accounts
WHERE account_id = ANY($1::uuid[]);
