-- Everything here is a fold of the log (requests and our own outcomes): emptied or restored, it heals by reading again.

-- How far the log has been folded into these tables; moved by compare-and-set in the same transaction.
CREATE TABLE positions (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- One row per account. No index but the key: nothing that changes is indexed, so updates stay on their page.
CREATE TABLE accounts (
    account_id uuid PRIMARY KEY,
    partition smallint NOT NULL,
    version integer NOT NULL,
    -- 1 pending → 2 ok | 3 erred; 2 → 4 closing → 5 closed; 3 → 1 retry, 5 closed; 5 → 1 reopened
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 5),
    life smallint NOT NULL,
    series smallint NOT NULL,
    attempt integer NOT NULL,
    -- whether the last attempt may have had an effect that nobody confirmed
    effect_unknown boolean NOT NULL,
    next_attempt_at timestamptz,
    code text,
    username text,
    -- the claim the account is made for
    import_id uuid NOT NULL,
    request_id uuid NOT NULL,
    import_row integer NOT NULL,
    revision integer NOT NULL,
    -- later claims, open and answered, as JSON; absent for nearly every account
    other_claims text,
    course_ends date,
    email text NOT NULL,
    scope text NOT NULL,
    owner text NOT NULL,
    -- what is sent to the account service: frozen with the idempotency key (account, life, series)
    body bytea NOT NULL
) WITH (fillfactor = 45);

-- Work, a chunk of accounts of one import and partition a row. A chunk with a lease is in somebody's hands.
CREATE TABLE work (
    chunk_id uuid PRIMARY KEY,
    partition smallint NOT NULL,
    import_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    owner uuid,
    lease_until timestamptz,
    account_ids uuid[] NOT NULL
);

-- Facts that are decided but not yet confirmed on the log: a batch of one partition a row, relayed in order of id.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition smallint NOT NULL,
    records bytea NOT NULL
);

-- Records nobody could read, kept with their reason; looking never consumes.
CREATE TABLE parked (
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    key bytea,
    headers json NOT NULL,
    value bytea,
    code text NOT NULL,
    reason text NOT NULL,
    written_at timestamptz NOT NULL,
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, record_offset)
);
