-- name: add
-- A target nobody knew yet.
INSERT INTO targets (target) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: read
-- The target as it stands, and the time.
SELECT standing, code, since, next_at, pause, probe_owner, probe_until, stopped_by, stopped_reason, stopped_at,
    rate_set, rate, change, told_code, told_next_at, clock_timestamp() AS now
FROM targets WHERE target = $1;

-- name: lock
-- The same, for who is about to change it.
SELECT standing, code, since, next_at, pause, probe_owner, probe_until, stopped_by, stopped_reason, stopped_at,
    rate_set, rate, change, told_code, told_next_at, clock_timestamp() AS now
FROM targets WHERE target = $1 FOR UPDATE;

-- name: write
-- The target after a change.
UPDATE targets SET standing = $2, code = $3, since = $4, next_at = $5, pause = $6, probe_owner = $7,
    probe_until = $8, stopped_by = $9, stopped_reason = $10, stopped_at = $11, change = $12, told_code = $13,
    told_next_at = $14
WHERE target = $1;

-- name: limit
-- A rate. Another one than before: slots begin anew after so many seconds, when copies have dropped those they had.
UPDATE targets SET rate_set = true, rate = $2,
    next_slot = coalesce(clock_timestamp() + make_interval(secs => $3), next_slot)
WHERE target = $1;

-- name: reserve
-- Take the next slots, so many seconds long; when they begin, and the time.
UPDATE targets
SET next_slot = greatest(next_slot, clock_timestamp()) + make_interval(secs => $2)
WHERE target = $1
RETURNING next_slot - make_interval(secs => $2) AS first, clock_timestamp() AS now;

-- name: seen
-- What one copy has to say of its calls.
INSERT INTO target_copies (target, copy, seen_at, under_way, answered, unclear, not_taken)
VALUES ($1, $2, clock_timestamp(), $3, $4, $5, $6)
ON CONFLICT (target, copy) DO UPDATE SET
    seen_at = excluded.seen_at, under_way = excluded.under_way, answered = excluded.answered,
    unclear = excluded.unclear, not_taken = excluded.not_taken;

-- name: forget
-- Copies that are gone.
DELETE FROM target_copies WHERE target = $1 AND seen_at < clock_timestamp() - interval '1 minute';

-- name: copies
-- The copies that run, and their calls, together.
SELECT count(*)::int AS copies, coalesce(sum(under_way), 0)::int AS under_way,
    coalesce(sum(answered), 0)::int AS answered, coalesce(sum(unclear), 0)::int AS unclear,
    coalesce(sum(not_taken), 0)::int AS not_taken
FROM target_copies
WHERE target = $1 AND seen_at > clock_timestamp() - interval '5 seconds';
