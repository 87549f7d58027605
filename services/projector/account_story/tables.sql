-- One row an event that was news to its account; written once, never changed. Who and what else the event said is
-- JSON, and null where there is nothing to say.
CREATE TABLE account_story (
    account_id uuid NOT NULL,
    n bigint NOT NULL,                 -- rises with every event of the account: its version and its claims together
    time timestamptz NOT NULL,
    import_id uuid NOT NULL,           -- the claim that the event answers or makes
    row integer NOT NULL,
    kind smallint NOT NULL,            -- account_story.fold.Kind
    data text,
    PRIMARY KEY (account_id, n)
);
