-- Parked records can be redriven or dropped: what became of each, and by whose order (services/common/parked/).
ALTER TABLE parked
    ADD COLUMN state text NOT NULL DEFAULT 'parked' CHECK (state IN (
        'parked',                      -- → redriven, dropped
        'redriven',                    -- it went through its door again
        'dropped'                      -- nobody needs it; → redriven, by whoever names it
    )),
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN tried_at timestamptz,
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN settled_by uuid;        -- the job that redrove or dropped it
CREATE INDEX parked_by_age ON parked (parked_at, topic, partition, record_offset);
CREATE INDEX parked_waiting ON parked (topic, code) WHERE state = 'parked';

-- Who had records redriven or dropped, when and why, and how far that is. Nothing is ever deleted from here.
CREATE TABLE parked_jobs (
    job_id uuid PRIMARY KEY,
    action text NOT NULL CHECK (action IN ('redrive', 'drop')),
    author text NOT NULL,
    reason text NOT NULL,
    -- what was asked for: records by name, else those with one of the codes and of the topic, if given
    named boolean NOT NULL,
    codes text[] NOT NULL,
    topic text,
    rate double precision NOT NULL,    -- most records a second
    state text NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'cancelled')),
    total integer NOT NULL,
    done integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    passed integer NOT NULL DEFAULT 0, -- no longer parked when their turn came
    owner uuid,                        -- the copy that works on it, and until when if nothing more is heard
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    cancelled_by text
);
CREATE INDEX parked_jobs_by_age ON parked_jobs (created_at, job_id);
CREATE INDEX parked_jobs_open ON parked_jobs (created_at, job_id) WHERE state IN ('queued', 'running');

-- The records of each job, in the order of the log; the first whose turn has not come has no outcome.
CREATE TABLE parked_job_records (
    job_id uuid NOT NULL REFERENCES parked_jobs,
    place integer NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    outcome text CHECK (outcome IN ('done', 'failed', 'passed')),
    code text,                         -- of those that failed: why
    reason text,
    tried_at timestamptz,
    PRIMARY KEY (job_id, place)
);
CREATE INDEX parked_job_records_by_record ON parked_job_records (topic, partition, record_offset);
