-- name: write_target
-- A target after its latest change.
INSERT INTO targets AS t (target, change, paused, since, reason, next_probe_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (target) DO UPDATE SET
    change = excluded.change, paused = excluded.paused, since = excluded.since, reason = excluded.reason,
    next_probe_at = excluded.next_probe_at
WHERE t.change < excluded.change;
