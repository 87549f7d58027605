-- How far the log was read into this set; moved in the transaction that writes what was read.
CREATE TABLE positions (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    as_of timestamptz NOT NULL,        -- the tables show the log as it was then
    fingerprint bytea,                 -- of the record before the position: a log made anew shows another there
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Records nobody could read, as they were, put aside in the transaction that moved past them.
CREATE TABLE parked (
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    key bytea,
    headers json NOT NULL,             -- [[name, value in base64 or null], …]
    value bytea,
    code text NOT NULL,
    reason text NOT NULL,
    written_at timestamptz NOT NULL,   -- when the log took it
    parked_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'parked' CHECK (state IN (
        'parked',                      -- → redriven, dropped
        'redriven',                    -- it went through its door again
        'dropped'                      -- nobody needs it; → redriven, by whoever names it
    )),
    tries integer NOT NULL DEFAULT 0,
    tried_at timestamptz,
    settled_at timestamptz,
    settled_by uuid,                   -- the job that redrove or dropped it
    PRIMARY KEY (topic, partition, record_offset)
);
CREATE INDEX parked_by_age ON parked (parked_at, topic, partition, record_offset);
CREATE INDEX parked_waiting ON parked (topic, code) WHERE state = 'parked';

-- Where records of types lie that only a newer version knows; the log has the bytes, and a set built anew reads them.
CREATE TABLE unknown_types (
    topic text NOT NULL,
    partition integer NOT NULL,
    type text NOT NULL,                -- or 'others', beyond what is told apart
    first_offset bigint NOT NULL,
    last_offset bigint NOT NULL,
    records bigint NOT NULL,
    first_at timestamptz NOT NULL,     -- when they were passed over
    last_at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, type)
);

-- What the tables of this set were made for.
CREATE TABLE set_models (
    model text PRIMARY KEY,
    version integer NOT NULL,
    tables_sha256 text NOT NULL
);
