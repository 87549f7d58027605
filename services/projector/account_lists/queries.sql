-- name: add_counts
-- Add differences to the counts; a project is written once.
INSERT INTO account_counts AS c (import_id, partition, project_id, first_created, last_created, pending, waiting, ok,
    erred, closed)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::int[],
    $8::int[], $9::int[], $10::int[])
ON CONFLICT (import_id, partition) DO UPDATE SET
    project_id = coalesce(c.project_id, excluded.project_id),
    first_created = least(c.first_created, excluded.first_created),
    last_created = greatest(c.last_created, excluded.last_created), pending = c.pending + excluded.pending,
    waiting = c.waiting + excluded.waiting, ok = c.ok + excluded.ok, erred = c.erred + excluded.erred,
    closed = c.closed + excluded.closed;

-- name: whole
-- How many accounts there are in each standing.
SELECT coalesce(sum(pending), 0)::int AS pending, coalesce(sum(waiting), 0)::int AS waiting,
    coalesce(sum(ok), 0)::int AS ok, coalesce(sum(erred), 0)::int AS erred,
    coalesce(sum(closed), 0)::int AS closed
FROM account_counts;

-- name: by_project
-- The same for each project, or some, or those that begin and end between some days, which count as in between.
SELECT c.*, p.name, p.start_date, p.end_date
FROM (
    SELECT project_id, sum(pending)::int AS pending, sum(waiting)::int AS waiting, sum(ok)::int AS ok,
        sum(erred)::int AS erred, sum(closed)::int AS closed
    FROM account_counts
    WHERE $1::uuid[] IS NULL OR project_id = ANY($1)
    GROUP BY project_id
) AS c
LEFT JOIN projects AS p ON p.project_id = c.project_id
WHERE ($2::date IS NULL OR p.start_date >= $2) AND ($3::date IS NULL OR p.start_date <= $3)
    AND ($4::date IS NULL OR p.end_date >= $4) AND ($5::date IS NULL OR p.end_date <= $5);

-- name: spans
-- What each import asked for first: how many accounts, how they stand, and from when to when they were asked for.
SELECT project_id, min(first_created) AS first, max(last_created) AS last, sum(pending)::int AS pending,
    sum(waiting)::int AS waiting, sum(ok)::int AS ok, sum(erred)::int AS erred, sum(closed)::int AS closed
FROM account_counts
WHERE $1::uuid[] IS NULL OR project_id = ANY($1)
GROUP BY import_id, project_id
LIMIT $2;

-- name: with_room
-- Sort in memory what is sorted next.
SELECT set_config('work_mem', '64MB', true);

-- name: within_projects
-- Look through some projects only: they lie together, which the statistics do not know, so that less than all is read.
SELECT set_config('enable_seqscan', 'off', true);

-- name: along_blocks
-- Go by blocks (index accounts_by_block) or by project: what that costs is always thought to be as much as reading all.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true);

-- name: as_usual
-- Read as the statistics suggest again.
SELECT set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'on', true);

-- name: with_username
-- The few accounts with a user name.
SELECT account_id FROM accounts WHERE username = $1 AND email IS NOT NULL LIMIT $2;

-- name: with_address
-- Accounts whose address, in small letters, has something in it.
SELECT s.account_id FROM account_addresses AS s WHERE true {conditions};

-- name: number
-- How many accounts fit; the conditions are put in from a closed list.
SELECT count(*) FROM accounts AS a WHERE a.email IS NOT NULL {conditions};

-- name: ids
-- Some accounts that fit, in order; what is in braces is from closed lists.
SELECT a.account_id
FROM accounts AS a {joined}
WHERE {listed} {conditions}
ORDER BY {order}
LIMIT {limit} OFFSET {offset};

-- name: ids_along
-- The same by time, along each project: of each no more is read than may be shown of it.
SELECT f.account_id
FROM unnest({projects}) AS p (project_id)
CROSS JOIN LATERAL (
    SELECT a.account_id, a.created
    FROM accounts AS a
    WHERE a.project_id = p.project_id {conditions}
    ORDER BY {order}
    LIMIT {most}
) AS f
ORDER BY {order_of_found}
LIMIT {limit} OFFSET {offset};

-- name: ids_of_addresses
-- The same of those whose address has something in it, from the table of addresses alone.
SELECT s.account_id
FROM account_addresses AS s
WHERE true {conditions}
ORDER BY {order}
LIMIT {limit} OFFSET {offset};

-- name: shown
-- All of some accounts that is shown, in the order of their ids.
SELECT a.account_id, a.created, a.modified, a.project_id, a.requested_by, a.username, a.standing, a.phase,
    a.code, a.message, a.close_code, a.next_attempt_at, a.email, a.description, p.name AS project_name,
    p.slug AS project_slug, p.start_date AS project_start_date, p.end_date AS project_end_date, p.customer_id,
    p.customer_name
FROM unnest($1::uuid[]) WITH ORDINALITY AS found (account_id, place)
JOIN accounts AS a ON a.account_id = found.account_id
LEFT JOIN projects AS p ON p.project_id = a.project_id
ORDER BY found.place;
