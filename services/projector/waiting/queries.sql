-- name: load_waiting
-- What is known of accounts that wait.
SELECT account_id, import_id, row, since, next_attempt_at, attempts, code
FROM waiting
WHERE account_id = ANY($1::uuid[]);

-- name: write_waiting
-- Accounts that wait, as they are now.
INSERT INTO waiting (account_id, import_id, row, since, next_attempt_at, attempts, code)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::text[])
ON CONFLICT (account_id) DO UPDATE SET
    import_id = excluded.import_id, row = excluded.row, since = excluded.since,
    next_attempt_at = excluded.next_attempt_at, attempts = excluded.attempts, code = excluded.code;

-- name: delete_waiting
-- Accounts that wait no longer.
DELETE FROM waiting WHERE account_id = ANY($1::uuid[]);

-- name: waiting_groups
-- How many accounts wait, by code and by import: since when the oldest, and when the next is tried.
SELECT w.code, w.import_id, i.project_id, count(*) AS count, min(w.since) AS since,
    min(w.next_attempt_at) AS next_attempt_at
FROM waiting AS w
LEFT JOIN imports AS i ON i.import_id = w.import_id
GROUP BY w.code, w.import_id, i.project_id;

-- name: oldest_waiting
-- The accounts that wait longest.
SELECT w.account_id, w.import_id, w.row, w.since, w.next_attempt_at, w.attempts, w.code
FROM waiting AS w
ORDER BY w.since, w.account_id
LIMIT $1;

-- name: target
-- The pause in force, and when the account service last changed.
SELECT pause.*, (SELECT max(t.since) FROM targets AS t) AS changed
FROM target_pause AS pause;

-- name: maybe_pending
-- The totals of imports that may have pending rows: a corrected row counts twice until it is looked at closely.
SELECT t.*, pause.*
FROM import_totals AS t
CROSS JOIN target_pause AS pause
WHERE t.import_id IN (
    SELECT i.import_id
    FROM imports AS i
    JOIN import_progress AS p ON p.import_id = i.import_id
    WHERE i.submitted IS NOT NULL
    GROUP BY i.import_id, i.rows
    HAVING i.rows > sum(p.created + p.failed + p.waiting + p.cancelled + p.closed + p.existing + p.duplicate
        + p.invalid - p.corrections)
);

-- name: project_names
-- The names of some projects.
SELECT project_id, name FROM projects WHERE project_id = ANY($1::uuid[]);
