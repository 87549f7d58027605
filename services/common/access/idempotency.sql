-- name: begin
-- Begin a request under its key: a new one, one whose process has died, or one that was kept long enough.
INSERT INTO access.idempotency AS kept (user_id, key, attempt, line_hash, lease_until)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
ON CONFLICT (user_id, key) DO UPDATE SET
    attempt = excluded.attempt, line_hash = excluded.line_hash, started_at = now(),
    lease_until = excluded.lease_until, finished_at = NULL,
    body_hash = NULL, body_bytes = NULL, body_whole = NULL, status = NULL, headers = NULL, answer = NULL
WHERE kept.started_at < now() - interval '24 hours'
   OR (kept.finished_at IS NULL AND kept.lease_until < now() AND kept.line_hash = excluded.line_hash)
RETURNING true;

-- name: find
-- What is kept under a key; `lease_s` are the seconds for which a request that runs is left alone.
SELECT
    line_hash, finished_at IS NOT NULL AS finished, extract(epoch FROM lease_until - now())::float8 AS lease_s,
    body_hash, body_bytes, body_whole, status, headers, answer
FROM access.idempotency
WHERE user_id = $1 AND key = $2;

-- name: renew
-- Say that a request still runs.
UPDATE access.idempotency SET lease_until = now() + make_interval(secs => $4)
WHERE user_id = $1 AND key = $2 AND attempt = $3 AND finished_at IS NULL;

-- name: finish
-- Keep the answer, unless somebody else has taken the request over.
UPDATE access.idempotency
SET finished_at = now(), body_hash = $4, body_bytes = $5, body_whole = $6, status = $7, headers = $8::jsonb,
    answer = $9
WHERE user_id = $1 AND key = $2 AND attempt = $3 AND finished_at IS NULL;

-- name: release
-- Forget a request that came to nothing lasting: the next one under its key is the first again.
DELETE FROM access.idempotency WHERE user_id = $1 AND key = $2 AND attempt = $3 AND finished_at IS NULL;

-- name: forget_old
-- Take away what was kept long enough, some at a time.
DELETE FROM access.idempotency
WHERE (user_id, key) IN (
    SELECT user_id, key FROM access.idempotency
    WHERE started_at < now() - interval '24 hours' ORDER BY started_at LIMIT 1000
);
