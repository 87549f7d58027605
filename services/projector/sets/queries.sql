-- name: sets
-- Every set, and whether it is the one that answers.
SELECT s.slot, s.edition, s.state, s.made_at, s.replay_id, a.slot IS NOT NULL AS active
FROM projector_control.sets AS s
LEFT JOIN projector_control.active_set AS a ON a.slot = s.slot
ORDER BY s.made_at, s.slot;

-- name: fed_slots
-- The sets that every batch goes to, in a fixed order.
SELECT array_agg(slot ORDER BY slot) FROM projector_control.sets WHERE state = 'fed';

-- name: lock_catalog
-- One change of the catalog at a time.
SELECT pg_advisory_xact_lock(hashtextextended('projector sets', 0));

-- name: add_set
-- Take a slot for a new set.
INSERT INTO projector_control.sets (slot, edition, state, made_at, replay_id) VALUES ($1, $2, $3, $4, $5);

-- name: set_edition
-- The tables of a slot were made anew from another edition.
UPDATE projector_control.sets SET edition = $2, made_at = $3 WHERE slot = $1;

-- name: change_state
-- Move a set from one state to another; nothing if it is not in the first.
UPDATE projector_control.sets SET state = $3 WHERE slot = $1 AND state = $2 RETURNING slot;

-- name: retire_set
-- A set that nobody feeds or asks any more; never the active one.
UPDATE projector_control.sets SET state = 'retired'
WHERE slot = $1 AND state <> 'retired'
    AND NOT EXISTS (SELECT FROM projector_control.active_set AS a WHERE a.slot = $1)
RETURNING slot;

-- name: remove_set
-- The tables of a retired set are gone: its slot is free.
DELETE FROM projector_control.sets WHERE slot = $1 AND state = 'retired';

-- name: first_active
-- The first set answers, unless another one does already.
INSERT INTO projector_control.active_set (slot, since, swaps) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING;

-- name: active_slot
-- The set that answers, and how often that changed.
SELECT slot, swaps FROM projector_control.active_set;

-- name: lock_active
-- The pointer, held until the transaction ends.
SELECT slot FROM projector_control.active_set FOR UPDATE;

-- name: point_to
-- Let another set answer.
UPDATE projector_control.active_set SET slot = $1, since = $2, swaps = swaps + 1;

-- name: lock_positions
-- How far a set has been read, held until the transaction ends: no batch moves it meanwhile. The schema is put in.
SELECT topic, partition, next_offset FROM {slot}.positions ORDER BY topic, partition FOR UPDATE;

-- name: set_positions
-- How far a set has been read. The schema is put in.
SELECT topic, partition, next_offset FROM {slot}.positions ORDER BY topic, partition;

-- name: project_of
-- The project of an import. The schema is put in.
SELECT project_id FROM {slot}.imports WHERE import_id = $1;
