-- name: of_project
-- The accounts of a project; those of some partitions of the log, if any are named.
SELECT account_id, partition, import_row, state, code, next_attempt_at, effect_unknown
FROM accounts
WHERE project_id = $3 AND (cardinality($7) = 0 OR partition = ANY($7))

-- name: of_import
-- The accounts an import asked for, first or after another import; of some of its rows, if any are named.
SELECT account_id, partition, import_row, state, code, next_attempt_at, effect_unknown
FROM accounts
WHERE project_id = (SELECT project_id FROM imports WHERE import_id = $4)
    AND import_id = $4 AND (cardinality($5) = 0 OR import_row = ANY($5))
UNION ALL
SELECT account_id, partition, import_row, state, code, next_attempt_at, effect_unknown
FROM accounts
WHERE other_claims IS NOT NULL AND import_id <> $4 AND strpos(other_claims, $4::text) > 0
    AND project_id = (SELECT project_id FROM imports WHERE import_id = $4)
    AND EXISTS (
        SELECT
        FROM jsonb_path_query(other_claims::jsonb, 'strict $.others[*] ? (@[1] != "ended")', '{}', true) AS claim
        WHERE claim -> 0 ->> 'import_id' = $4::text
            AND (cardinality($5) = 0 OR (claim -> 0 ->> 'row')::int = ANY($5))
        UNION ALL
        SELECT
        FROM jsonb_path_query(other_claims::jsonb, 'strict $.open[*]', '{}', true) AS claim
        WHERE claim -> 0 ->> 'import_id' = $4::text
            AND (cardinality($5) = 0 OR (claim -> 0 ->> 'row')::int = ANY($5))
    )

-- name: of_accounts
-- Accounts by name, whether we know them or not.
SELECT account_id, coalesce(a.partition, named.partition) AS partition, 0 AS import_row, state, code, next_attempt_at,
    effect_unknown
FROM unnest($6, $7) AS named (account_id, partition)
LEFT JOIN accounts AS a USING (account_id)

-- name: arguments
-- Types of what a selection is told: the action, codes, project, import, rows, accounts and their partitions.
SELECT $1::text, $2::text[], $3::uuid, $4::uuid, $5::integer[], $6::uuid[], $7::smallint[]

-- name: concerned
-- Of the selected accounts those that the action can concern now.
SELECT *
FROM selected
WHERE (cardinality($2) = 0 OR code = ANY($2))
    AND (
        ($1 = 'retry' AND state = 3)
        -- not closed, nor being closed unless nobody tries any more
        -- what exists or may exist; what is still being made fails by itself
        OR ($1 = 'end' AND (state = 2 OR (state = 3 AND effect_unknown)))
        OR ($1 = 'close' AND (state <= 3 OR (state = 4 AND code IS NOT NULL AND next_attempt_at IS NULL)))
    )

-- name: everything
-- All the selected accounts.
SELECT * FROM selected

-- name: count
-- How many accounts there are, by state and by the code they failed with.
SELECT state, code, count(*) AS accounts FROM chosen GROUP BY state, code ORDER BY state, code

-- name: add_parts
-- The parts of a job, in the order of the rows; answers how many accounts and parts there are.
, turned AS (
    SELECT account_id, partition, row_number() OVER turn AS place, (row_number() OVER turn - 1) / $9::int AS part
    FROM chosen
    WINDOW turn AS (PARTITION BY partition ORDER BY import_row, account_id)
), added AS (
    INSERT INTO job_parts (job_id, partition, part, urgent, account_ids)
    SELECT $8::uuid, partition, part, $10::boolean, array_agg(account_id ORDER BY place)
    FROM turned
    GROUP BY partition, part
    RETURNING cardinality(account_ids) AS size
)
SELECT count(*) AS parts, coalesce(sum(size), 0) AS accounts FROM added

-- name: add_job
-- A job of which nothing is known yet, and the projects it is about; answers nothing if it is there already.
INSERT INTO jobs (
    job_id, action, cause, author, reason, project_id, import_id, codes, state, total, parts_left, created_at, projects
)
SELECT $1, $2, $3, $4, $5, $6::uuid, $7::uuid, $8, 'queued', 0, 0, $9, CASE
    WHEN $6 IS NOT NULL THEN ARRAY[$6::uuid]
    WHEN $7 IS NOT NULL THEN ARRAY(SELECT project_id FROM imports WHERE import_id = $7)
    ELSE ARRAY(
        SELECT DISTINCT coalesce(a.project_id, '00000000-0000-0000-0000-000000000000')
        FROM unnest($10::uuid[]) AS named (account_id)
        LEFT JOIN accounts AS a USING (account_id)
    )
END
ON CONFLICT DO NOTHING
RETURNING job_id;

-- name: size
-- How much there is to do; nothing at all is done at once.
UPDATE jobs
SET total = $2, parts_left = $3,
    state = CASE WHEN $3 = 0 THEN 'finished' ELSE state END,
    finished_at = CASE WHEN $3 = 0 THEN created_at END
WHERE job_id = $1;

-- name: take
-- The next part of some partitions: what a person waits for first, else of the job whose turn it is after $2.
WITH next AS (
    SELECT job_id, partition, part
    FROM job_parts
    WHERE partition = ANY($1::smallint[])
    ORDER BY urgent DESC, job_id > $2 DESC, job_id, part
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
DELETE FROM job_parts USING next
WHERE (job_parts.job_id, job_parts.partition, job_parts.part) = (next.job_id, next.partition, next.part)
RETURNING job_parts.*;

-- name: find
-- A job.
SELECT * FROM jobs WHERE job_id = $1;

-- name: count_part
-- What a part came to; the last one ends its job.
UPDATE jobs
SET changed = changed + $2, unchanged = unchanged + $3, refused = refused + $4, parts_left = parts_left - 1,
    started_at = coalesce(started_at, $5),
    marks = CASE WHEN $7::uuid IS NULL THEN marks
        ELSE marks || jsonb_build_object($6::text, jsonb_build_array($7, $8::integer)) END,
    state = CASE WHEN parts_left = 1 THEN 'finished' ELSE 'running' END,
    finished_at = CASE WHEN parts_left = 1 THEN $5 END
WHERE job_id = $1
RETURNING parts_left;

-- name: refuse
-- Why something could not be done.
INSERT INTO job_refusals (job_id, account_id, code)
SELECT $1, account_id, code FROM unnest($2::uuid[], $3::text[]) AS new (account_id, code)
ON CONFLICT DO NOTHING;

-- name: withdraw
-- A job of which nothing was decided yet is as if it had never been; answers nothing if it is too late for that.
WITH dropped AS (
    DELETE FROM job_parts WHERE job_id = $1 RETURNING job_id
)
DELETE FROM jobs
WHERE job_id = $1 AND state = 'queued' AND parts_left = (SELECT count(*) FROM dropped)
RETURNING job_id;

-- name: drop_parts
-- What has not begun is dropped; waits for what is being decided. Answers how much it was.
WITH dropped AS (
    DELETE FROM job_parts WHERE job_id = $1 RETURNING cardinality(account_ids) AS size
)
SELECT count(*) AS parts, coalesce(sum(size), 0) AS accounts FROM dropped;

-- name: cancel
-- A job of which the rest was dropped.
UPDATE jobs
SET dropped = dropped + $3, parts_left = parts_left - $2, state = 'cancelled', finished_at = $4
WHERE job_id = $1
RETURNING *;

-- name: page
-- Jobs, the newest first, from before the last one of the page before; those about some projects only, if they are given.
SELECT *
FROM jobs
WHERE ($1::timestamptz IS NULL OR (created_at, job_id) < ($1, $2::uuid))
    AND ($4::uuid[] IS NULL OR (cardinality(projects) > 0 AND projects <@ $4))
ORDER BY created_at DESC, job_id DESC
LIMIT $3;

-- name: refusals
-- What could not be done, in the order of the accounts' ids.
SELECT account_id, code, email
FROM (
    SELECT account_id, code
    FROM job_refusals
    WHERE job_id = $1 AND ($2::uuid IS NULL OR account_id > $2)
    ORDER BY account_id
    LIMIT $3
) AS refused
LEFT JOIN (SELECT account_id, email FROM accounts) AS known USING (account_id)
ORDER BY account_id;

-- name: forget
-- Jobs that ended long ago.
DELETE FROM jobs WHERE finished_at < $1;
