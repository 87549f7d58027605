-- How far the log was read into this set; moved in the transaction that writes what was read.
CREATE TABLE positions (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    as_of timestamptz NOT NULL,        -- the tables show the log as it was then
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
    PRIMARY KEY (topic, partition, record_offset)
);

-- What the tables of this set were made for.
CREATE TABLE set_models (
    model text PRIMARY KEY,
    version integer NOT NULL,
    tables_sha256 text NOT NULL
);
