-- Sets of read models, each in a Postgres schema of its own (its slot).
CREATE TABLE sets (
    slot text PRIMARY KEY,
    edition text NOT NULL,             -- which logic: services.projector.registry.EDITIONS
    state text NOT NULL,               -- sets.model.SetState: building → fed; scratch; → retired → (row deleted)
    made_at timestamptz NOT NULL,
    replay_id uuid                     -- the replay that built it; null: made when a projector first started
);

-- The set that answers: one row. Readers see it change between two snapshots, never within one.
CREATE TABLE active_set (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    slot text NOT NULL REFERENCES sets,
    since timestamptz NOT NULL,
    swaps integer NOT NULL
);

-- Replays: sets built from the log beside the one in use, and what became of them. Rows are kept.
CREATE TABLE replays (
    replay_id uuid PRIMARY KEY,
    kind text NOT NULL,                -- replay.model.Kind: build, verify, scratch
    state text NOT NULL,               -- replay.model.State
    edition text NOT NULL,
    slot text,                         -- null before it began and after it was cleaned up
    project_id uuid,                   -- only what belongs to this project; a scratch set's
    author text NOT NULL,
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    until_time timestamptz,            -- only what the log took before then; a scratch set's
    until_offsets jsonb,               -- where it ends or ended, as [[topic, partition, next offset], …]
    started_at timestamptz,
    ended_at timestamptz,
    total bigint NOT NULL DEFAULT 0,   -- records to read
    done bigint NOT NULL DEFAULT 0,
    rate double precision NOT NULL DEFAULT 0,  -- records a second, lately
    code text,                         -- why it failed
    message text,
    comparison jsonb,                  -- what the new set and the one in use have in common
    swapped_at timestamptz,
    replaced_slot text,                -- the set that answered before
    attempts integer NOT NULL DEFAULT 0,  -- processes that worked on it
    worker uuid,                       -- the one that does now
    lease_until timestamptz
);

CREATE INDEX replays_newest ON replays (asked_at DESC, replay_id DESC);

-- Who did what to sets and replays.
CREATE TABLE actions (
    action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    author text NOT NULL,
    action text NOT NULL,              -- asked, cancelled, swapped, rolled_back, cleaned_up
    replay_id uuid NOT NULL,
    detail text NOT NULL
);
