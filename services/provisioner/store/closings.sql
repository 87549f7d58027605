-- name: enter
-- Accounts that are to be closed from now on, or from a moment read on the log.
INSERT INTO closings (account_id, project_id, cause, since)
SELECT account_id, project_id, cause, coalesce(since, clock_timestamp())
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) AS new (account_id, project_id, cause, since)
ON CONFLICT (account_id) DO UPDATE SET
    project_id = excluded.project_id, cause = excluded.cause, since = excluded.since;

-- name: leave
-- Accounts that are closed, or are not to be closed any more.
DELETE FROM closings WHERE account_id = ANY($1::uuid[]);
