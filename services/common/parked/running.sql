-- name: lease
-- Take a job that nobody has in hand, the oldest first: a new one, or one whose owner is not heard of any more.
UPDATE parked_jobs
SET owner = $1, lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE job_id = (
    SELECT job_id
    FROM parked_jobs
    WHERE state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < clock_timestamp())
        AND job_id <> ALL($3::uuid[])
    ORDER BY created_at, job_id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING job_id;

-- name: renew
-- Keep a job in our hands.
UPDATE parked_jobs SET lease_until = clock_timestamp() + make_interval(secs => $3) WHERE job_id = $1 AND owner = $2;

-- name: turn
-- The next record of a job that is in our hands and goes on; a record that is not there any more has no state.
SELECT j.action, j.rate, j.named, r.place, r.topic, r.partition, r.record_offset, p.key, p.headers, p.value,
    p.written_at, p.state
FROM parked_jobs AS j
JOIN parked_job_records AS r ON r.job_id = j.job_id AND r.place = j.done + j.failed + j.passed + 1
LEFT JOIN parked AS p
    ON p.topic = r.topic AND p.partition = r.partition AND p.record_offset = r.record_offset
WHERE j.job_id = $1 AND j.owner = $2 AND j.state IN ('queued', 'running');

-- name: hold
-- Begin with a record: only if the job is still in our hands and goes on, and it is still this record's turn.
UPDATE parked_jobs
SET state = 'running', started_at = coalesce(started_at, $4),
    lease_until = clock_timestamp() + make_interval(secs => $5)
WHERE job_id = $1 AND owner = $2 AND done + failed + passed = $3 - 1 AND state IN ('queued', 'running')
RETURNING job_id;

-- name: lock
-- How a record stands; nobody else settles it until we have.
SELECT state FROM parked WHERE topic = $1 AND partition = $2 AND record_offset = $3 FOR UPDATE;

-- name: settle
-- A record went through its door again, or nobody needs it. Its bytes stay.
UPDATE parked
SET state = $4, settled_at = $5, settled_by = $6, tries = tries + $7::integer,
    tried_at = CASE WHEN $7 > 0 THEN $5::timestamptz ELSE tried_at END
WHERE topic = $1 AND partition = $2 AND record_offset = $3;

-- name: stay
-- A record could not be taken again: it stays, with what is the matter with it now.
UPDATE parked
SET code = $4, reason = $5, tries = tries + 1, tried_at = $6
WHERE topic = $1 AND partition = $2 AND record_offset = $3;

-- name: came_to
-- What a record of a job came to.
UPDATE parked_job_records
SET outcome = $3, code = $4, reason = $5, tried_at = $6
WHERE job_id = $1 AND place = $2;

-- name: add_up
-- Count it; the last record ends its job.
UPDATE parked_jobs
SET done = done + ($2::text = 'done')::integer, failed = failed + ($2 = 'failed')::integer,
    passed = passed + ($2 = 'passed')::integer,
    state = CASE WHEN done + failed + passed + 1 = total THEN 'finished' ELSE state END,
    finished_at = CASE WHEN done + failed + passed + 1 = total THEN $3::timestamptz END
WHERE job_id = $1;
