-- name: matching
-- What waits and fits, by code.
SELECT code, count(*) AS records
FROM parked
WHERE state = 'parked' AND (cardinality($1::text[]) = 0 OR code = ANY($1)) AND ($2::text IS NULL OR topic = $2)
GROUP BY code
ORDER BY records DESC, code;

-- name: named
-- Records by name that are there.
SELECT p.topic, p.partition, p.record_offset, p.code, p.state
FROM parked AS p
JOIN unnest($1::text[], $2::integer[], $3::bigint[]) AS named (topic, partition, record_offset)
    USING (topic, partition, record_offset);

-- name: add_job
-- A job of which nothing is known yet; answers nothing if it is there already.
INSERT INTO parked_jobs (job_id, action, author, reason, named, codes, topic, rate, state, total, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, $9)
ON CONFLICT DO NOTHING
RETURNING job_id;

-- name: add_matching
-- The records of a job, in the order of the log: what waits and fits.
INSERT INTO parked_job_records (job_id, place, topic, partition, record_offset)
SELECT $1, row_number() OVER (ORDER BY topic, partition, record_offset), topic, partition, record_offset
FROM (
    SELECT topic, partition, record_offset
    FROM parked
    WHERE state = 'parked' AND (cardinality($2::text[]) = 0 OR code = ANY($2)) AND ($3::text IS NULL OR topic = $3)
    ORDER BY topic, partition, record_offset
    LIMIT $4
) AS chosen;

-- name: add_named
-- The records of a job, in the order of the log: those named.
INSERT INTO parked_job_records (job_id, place, topic, partition, record_offset)
SELECT $1, row_number() OVER (ORDER BY topic, partition, record_offset), topic, partition, record_offset
FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS named (topic, partition, record_offset);

-- name: size
-- How much there is to do; nothing at all is done at once.
UPDATE parked_jobs
SET total = (SELECT count(*) FROM parked_job_records AS r WHERE r.job_id = $1),
    state = CASE WHEN EXISTS (SELECT FROM parked_job_records AS r WHERE r.job_id = $1) THEN state ELSE 'finished' END,
    finished_at = CASE
        WHEN EXISTS (SELECT FROM parked_job_records AS r WHERE r.job_id = $1) THEN NULL ELSE created_at
    END
WHERE job_id = $1;

-- name: find
-- A job.
SELECT job_id, action, author, reason, named, codes, topic, rate, state, total, done, failed, passed, created_at,
    started_at, finished_at, cancelled_by
FROM parked_jobs
WHERE job_id = $1;

-- name: page
-- Jobs, the newest first, from before the last one of the page before.
SELECT job_id, action, author, reason, named, codes, topic, rate, state, total, done, failed, passed, created_at,
    started_at, finished_at, cancelled_by
FROM parked_jobs
WHERE $1::timestamptz IS NULL OR (created_at, job_id) < ($1, $2::uuid)
ORDER BY created_at DESC, job_id DESC
LIMIT $3;

-- name: failures
-- What could not be taken again, and why, in the order of the job.
SELECT place, topic, partition, record_offset, code, reason
FROM parked_job_records
WHERE job_id = $1 AND place > $2 AND outcome = 'failed'
ORDER BY place
LIMIT $3;

-- name: cancel
-- Begin with no more records; waits for the one in hand. Answers nothing if the job is over.
UPDATE parked_jobs
SET state = 'cancelled', finished_at = $2, cancelled_by = $3
WHERE job_id = $1 AND state IN ('queued', 'running')
RETURNING job_id;
