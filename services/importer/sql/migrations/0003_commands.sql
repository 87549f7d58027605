-- The end of the step that may be under way is written down before its first record is sent: whatever was sent
-- lies at or before `sending_to`, whatever was not confirmed lies after `requested_to`.
ALTER TABLE imports
    ADD COLUMN sending_to integer NOT NULL DEFAULT 0,
    ADD COLUMN cancelled_to integer,   -- of a cancelled import: `sending_to` for good, nothing after it is ever sent
    ADD COLUMN cause_id uuid,          -- the event that asked for it, where one did
    ADD COLUMN purged_at timestamptz;  -- its rows and file name are gone: the project was deleted long ago
UPDATE imports AS i
SET sending_to = coalesce((
    SELECT max(step.row)
    FROM (
        SELECT r.row FROM draft_rows AS r
        WHERE i.published_at IS NULL AND r.draft_id = i.import_id AND r.row > i.requested_to
            AND r.verdict NOT IN ('invalid', 'duplicate')
        ORDER BY r.row
        LIMIT 4000                     -- what one turn sent until now
    ) AS step
), i.requested_to);

-- Somebody wants an import stopped. A table of its own: recording it waits for nothing the publisher holds.
CREATE TABLE cancels (
    import_id uuid PRIMARY KEY,
    author text NOT NULL,
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    told_at timestamptz,               -- the provisioner has confirmed that it stopped
    published_at timestamptz,          -- ImportCancelled is confirmed, and lies here:
    log_partition integer,
    log_offset bigint
);
CREATE INDEX cancels_unpublished ON cancels (asked_at) WHERE published_at IS NULL;
CREATE INDEX cancels_untold ON cancels (asked_at) WHERE told_at IS NULL;

-- Somebody wants what an import created closed. The claims go to the provisioner batch by batch.
CREATE TABLE undos (
    import_id uuid PRIMARY KEY,
    author text NOT NULL,
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    published_at timestamptz,          -- ImportUndoStarted is confirmed, and lies here:
    log_partition integer,
    log_offset bigint,
    released_to integer NOT NULL DEFAULT 0, -- the claims of rows up to this one are in the provisioner's hands
    released_at timestamptz            -- all of them are
);
CREATE INDEX undos_unpublished ON undos (asked_at) WHERE published_at IS NULL;
CREATE INDEX undos_unreleased ON undos (asked_at) WHERE released_at IS NULL;

-- Corrected rows: one line for each accepted correction. The highest revision of a row counts.
CREATE TABLE corrections (
    import_id uuid NOT NULL,
    row integer NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    line integer NOT NULL,
    email text NOT NULL,
    canonical_email text NOT NULL,
    description text NOT NULL,
    account_id uuid NOT NULL,
    author text NOT NULL,
    asked_at timestamptz NOT NULL,
    old_account uuid,                  -- the claim that is given up, where the address changed
    old_request uuid,
    released_at timestamptz,           -- … and that the provisioner has taken back, or there was none
    published_at timestamptz,          -- AccountRequested is confirmed, and lies here:
    log_partition integer,
    log_offset bigint,
    PRIMARY KEY (import_id, row, revision)
);
CREATE INDEX corrections_unpublished ON corrections (asked_at) WHERE published_at IS NULL;
CREATE INDEX corrections_unreleased ON corrections (asked_at) WHERE released_at IS NULL;

-- Imports asked for on the requests topic: one for each source and idempotency key.
CREATE TABLE requested_imports (
    import_id uuid PRIMARY KEY,
    source text NOT NULL,
    idempotency_key text NOT NULL,
    project_id uuid NOT NULL,
    UNIQUE (source, idempotency_key)
);

-- Answers to senders whose request could not be taken, until they are confirmed on the dead letters topic.
CREATE TABLE dead_letters (
    topic text NOT NULL,               -- where the request lies
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    key bytea NOT NULL,
    headers json NOT NULL,             -- [[name, base64]]
    value bytea NOT NULL,
    PRIMARY KEY (topic, partition, record_offset)
);

-- Projects that are deleted, and since when we know.
CREATE TABLE deleted_projects (
    project_id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
