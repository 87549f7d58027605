-- An upload being previewed. File names and rows are personal data.
CREATE TABLE drafts (
    draft_id uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN (
        'reading',      -- being read; → previewed, rejected
        'previewed',    -- → submitted, expired
        'rejected',     -- could not be read; kept for the record
        'submitted',    -- an import of the same id exists
        'expired'       -- nobody submitted it in time; its rows are gone
    )),
    project_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    lease_until timestamptz,           -- while reading: the reader is taken for dead after this
    file_name text,
    file_bytes bigint NOT NULL,
    file_sha256 bytea NOT NULL,
    layout jsonb,                      -- how the file was read: encoding, delimiter, header_line, columns, ignored_columns
    notes jsonb NOT NULL DEFAULT '[]', -- [{code, message, line}]
    fault jsonb,                       -- why it was rejected: {code, detail, line}
    rows integer NOT NULL DEFAULT 0,   -- staged so far
    blank integer NOT NULL DEFAULT 0,
    verdicts jsonb,                    -- rows for each verdict
    preview_hash text,
    seen_before jsonb                  -- an earlier import of the same bytes: {uuid, submitted, created_by}
);
CREATE INDEX drafts_reading ON drafts (lease_until) WHERE state = 'reading';
CREATE INDEX drafts_waiting ON drafts (expires_at) WHERE state = 'previewed';

-- Rows as they were previewed; what is submitted is read from here, never from the file again.
CREATE TABLE draft_rows (
    draft_id uuid NOT NULL,
    row integer NOT NULL,
    line integer NOT NULL,
    email text NOT NULL,
    canonical_email text,
    description text NOT NULL,
    verdict text NOT NULL,
    code text,
    duplicate_of integer,
    account_id uuid,
    PRIMARY KEY (draft_id, row)
);

-- A submitted draft, and how far its rows are on the log. Positions move only past confirmed records.
CREATE TABLE imports (
    import_id uuid PRIMARY KEY REFERENCES drafts (draft_id),
    project jsonb NOT NULL,            -- as it was at submission
    author text NOT NULL,
    source text NOT NULL,
    submitted_at timestamptz NOT NULL,
    idempotency_key text,
    if_erred text NOT NULL,
    if_closed text NOT NULL,
    file_name text,
    file_bytes bigint,
    file_sha256 bytea,
    rows integer NOT NULL,
    requested integer NOT NULL,
    verdicts jsonb NOT NULL,
    accepted_partition integer,        -- where ImportAccepted lies, once confirmed
    accepted_offset bigint,
    skipped_to integer NOT NULL DEFAULT 0,   -- last row in a confirmed RowsSkipped
    skipped_done boolean NOT NULL DEFAULT false,
    requested_to integer NOT NULL DEFAULT 0, -- last row of a confirmed AccountRequested
    served_at timestamptz,             -- the publisher's last turn: the one served longest ago is next
    published_at timestamptz           -- everything is on the log
);
CREATE INDEX imports_unfinished ON imports (served_at NULLS FIRST, submitted_at) WHERE published_at IS NULL;
CREATE INDEX imports_by_file ON imports (file_sha256, submitted_at);

-- What a submission answered, for the same request again. No reference to imports: the publisher holds that row
-- while records are confirmed, and an answer must not wait for it.
CREATE TABLE answers (
    import_id uuid PRIMARY KEY,
    answer jsonb NOT NULL
);

-- Course projects, folded from the compacted topic.
CREATE TABLE projects (
    project_id uuid PRIMARY KEY,
    project jsonb NOT NULL
);

-- How far the topics are read (services/common/positions.sql).
CREATE TABLE positions (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Records nobody here can read, with their bytes and the reason.
CREATE TABLE parked (
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    key bytea,
    headers json NOT NULL,            -- [[name, base64 or null]]
    value bytea,
    code text NOT NULL,
    reason text NOT NULL,
    written_at timestamptz NOT NULL,
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, record_offset)
);
