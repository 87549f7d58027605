-- name: add
-- A replay that somebody asked for.
INSERT INTO projector_control.replays (replay_id, kind, state, edition, project_id, author, reason, asked_at, until_time,
    until_offsets)
VALUES ($1, $2, 'queued', $3, $4, $5, $6, $7, $8, $9::text::jsonb);

-- name: one
-- One replay.
SELECT replay_id, kind, state, edition, slot, project_id, author, reason, asked_at, until_time,
    until_offsets::text AS until_offsets, started_at, ended_at, total, done, rate, code, message,
    comparison::text AS comparison, swapped_at, replaced_slot
FROM projector_control.replays
WHERE replay_id = $1;

-- name: hold
-- Keep one replay as it is until the transaction ends.
SELECT FROM projector_control.replays WHERE replay_id = $1 FOR UPDATE;

-- name: newest
-- Replays, newest first, from a place on; without the comparison, which is long.
SELECT replay_id, kind, state, edition, slot, project_id, author, reason, asked_at, until_time,
    until_offsets::text AS until_offsets, started_at, ended_at, total, done, rate, code, message,
    CASE WHEN comparison IS NOT NULL THEN json_build_object('equal', comparison -> 'equal')::text END AS comparison,
    swapped_at, replaced_slot
FROM projector_control.replays
WHERE $1::timestamptz IS NULL OR (asked_at, replay_id) < ($1, $2::uuid)
ORDER BY asked_at DESC, replay_id DESC
LIMIT $3;

-- name: under_way
-- How many replays are being worked on, or are going to be.
SELECT count(*) FROM projector_control.replays WHERE state IN ('queued', 'building', 'comparing');

-- name: claim
-- The oldest replay that needs somebody; taken for a while.
UPDATE projector_control.replays
SET worker = $1, lease_until = $3, attempts = attempts + 1, started_at = coalesce(started_at, $2)
WHERE replay_id = (
    SELECT replay_id FROM projector_control.replays
    WHERE state IN ('queued', 'building', 'comparing') AND (lease_until IS NULL OR lease_until < $2)
    ORDER BY asked_at, replay_id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING replay_id, attempts;

-- name: progress
-- How far the worker is; nothing if it is no longer the worker, or the work was cancelled.
UPDATE projector_control.replays SET total = $3, done = $4, rate = $5, lease_until = $6
WHERE replay_id = $1 AND worker = $2 AND state IN ('queued', 'building', 'comparing')
RETURNING replay_id;

-- name: advance
-- The worker came to another state; nothing if it is no longer the worker, or the work was cancelled.
UPDATE projector_control.replays SET state = $3, slot = coalesce($4, slot)
WHERE replay_id = $1 AND worker = $2 AND state IN ('queued', 'building', 'comparing')
RETURNING replay_id;

-- name: note_end
-- Where the reading ends.
UPDATE projector_control.replays SET until_offsets = $2::text::jsonb WHERE replay_id = $1;

-- name: note_comparison
-- What the comparison came to.
UPDATE projector_control.replays SET comparison = $2::text::jsonb WHERE replay_id = $1;

-- name: end
-- The worker is done, or gave up.
UPDATE projector_control.replays
SET state = $3, code = $4, message = $5, ended_at = $6, worker = NULL, lease_until = NULL
WHERE replay_id = $1 AND ($2::uuid IS NULL OR worker = $2) AND state IN ('queued', 'building', 'comparing')
RETURNING replay_id;

-- name: swapped
-- Its set answers now.
UPDATE projector_control.replays SET state = 'swapped', swapped_at = $2, replaced_slot = $3 WHERE replay_id = $1;

-- name: rolled_back
-- The set before answers again.
UPDATE projector_control.replays SET state = 'warm', replaced_slot = NULL WHERE replay_id = $1;

-- name: swapped_now
-- The replay whose set answers while the one before is kept.
SELECT replay_id FROM projector_control.replays WHERE state = 'swapped' AND replaced_slot IS NOT NULL LIMIT 1;

-- name: way_back_dropped
-- The set in this slot is gone: whoever took its place is finished, and must not be led to what lies there next.
UPDATE projector_control.replays SET state = 'done', replaced_slot = NULL WHERE replaced_slot = $1;

-- name: slot_dropped
-- Whoever had this slot has it no more.
UPDATE projector_control.replays SET slot = NULL,
    state = CASE WHEN state IN ('warm', 'swapped') THEN 'done' ELSE state END
WHERE slot = $1;

-- name: add_action
-- Who did what.
INSERT INTO projector_control.actions (at, author, action, replay_id, detail) VALUES ($1, $2, $3, $4, $5);

-- name: actions_of
-- What was done with one replay.
SELECT at, author, action, detail FROM projector_control.actions WHERE replay_id = $1 ORDER BY action_id LIMIT 200;
