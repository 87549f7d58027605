-- What people and ends of courses ask for, about one account or many. Not on the log: what was not yet decided is
-- lost with these tables, and asked for again; what was decided heals like everything else.

CREATE TABLE jobs (
    job_id uuid PRIMARY KEY,
    action text NOT NULL CHECK (action IN ('retry', 'close')),
    cause text NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    -- what was asked for: all of a project, of an import (some rows of it), or accounts by name (then both are null)
    project_id uuid,
    import_id uuid,
    codes text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'cancelled')),
    total integer NOT NULL,
    changed integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    dropped integer NOT NULL DEFAULT 0,
    parts_left integer NOT NULL,
    -- by partition the last account changed and its version: folded by a reader, so is all that was decided before
    marks jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX jobs_by_age ON jobs (created_at, job_id);

-- What is left to decide: accounts of one partition a row; gone in the transaction that decides them.
CREATE TABLE job_parts (
    job_id uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    partition smallint NOT NULL,
    part integer NOT NULL,
    -- a person waits for the answer
    urgent boolean NOT NULL,
    account_ids uuid[] NOT NULL,
    PRIMARY KEY (job_id, partition, part)
);

-- What could not be done.
CREATE TABLE job_refusals (
    job_id uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    account_id uuid NOT NULL,
    code text NOT NULL,
    PRIMARY KEY (job_id, account_id)
);
