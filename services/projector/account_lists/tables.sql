-- How many accounts stand how, by the import that first asked for them and the partition they lie in: only the reader
-- of that partition writes its rows, so readers never meet. Lists know from it how long they are and where to look.
CREATE TABLE account_counts (
    import_id uuid NOT NULL,
    partition integer NOT NULL,
    project_id uuid,
    first_created timestamptz,         -- when the first and the last of them were asked for
    last_created timestamptz,
    pending integer NOT NULL,          -- schemas.row_class.Standing, one column each
    waiting integer NOT NULL,
    ok integer NOT NULL,
    erred integer NOT NULL,
    closed integer NOT NULL,
    PRIMARY KEY (import_id, partition)
) WITH (fillfactor = 50);

CREATE INDEX account_counts_of_project ON account_counts (project_id);

-- The address of each account in small letters, written once and read from one end to the other, or for some projects:
-- narrow, so that looking for a part of an address touches little.
CREATE TABLE account_addresses (
    account_id uuid NOT NULL,
    project_id uuid NOT NULL,
    created timestamptz NOT NULL,
    address text COLLATE "C" NOT NULL
);

CREATE INDEX account_addresses_of_project ON account_addresses (project_id);

-- Lists go along what never changes about an account.
CREATE INDEX accounts_created ON accounts (created, account_id) WHERE email IS NOT NULL;

-- Where a user name or a state may be, by blocks. An index of this kind leaves updates on their page (HOT), and costs
-- next to nothing until a block is summed up.
CREATE INDEX accounts_by_block ON accounts
USING brin (username text_bloom_ops (n_distinct_per_range = 700), standing text_bloom_ops (n_distinct_per_range = 16))
WITH (pages_per_range = 32);
