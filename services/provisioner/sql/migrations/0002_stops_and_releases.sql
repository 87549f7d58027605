-- Cancelling and undoing. Like everything here it heals from the log.

-- Imports of which nothing more shall start: told by the importer, and read from the log.
CREATE TABLE stops (
    import_id uuid PRIMARY KEY,
    author text NOT NULL,
    reason text NOT NULL,
    -- by the server's clock: copies look for what was noted since they last looked
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Claims that shall be given up, a chunk of one import and partition a row; gone once it is decided what follows.
CREATE TABLE releases (
    release_id uuid PRIMARY KEY,
    partition smallint NOT NULL,
    import_id uuid NOT NULL,
    cause text NOT NULL,
    author text NOT NULL,
    due_at timestamptz NOT NULL,
    -- how often it was looked at and put off, because an account was still being made
    looks integer NOT NULL DEFAULT 0,
    -- pairs; none at all: every claim of the import in this partition
    account_ids uuid[] NOT NULL,
    request_ids uuid[] NOT NULL
);

-- Whether nobody has held the chunk yet: then certainly no call was made for it.
ALTER TABLE work ADD COLUMN fresh boolean NOT NULL DEFAULT true;
UPDATE work SET fresh = false WHERE owner IS NOT NULL;

-- 6: cancelled before it was made
ALTER TABLE accounts DROP CONSTRAINT accounts_state_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_state_check CHECK (state BETWEEN 1 AND 6);

-- Accounts asked for more than once: few, and only a later claim changes what this index looks at.
CREATE INDEX accounts_claimed_again ON accounts (partition) WHERE other_claims IS NOT NULL;

-- Later claims are remembered with how they stand now: what was stored before is read from the log again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM accounts WHERE other_claims IS NOT NULL) THEN
        TRUNCATE positions, accounts, work, outbox;
    END IF;
END
$$;
