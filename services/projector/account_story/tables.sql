-- One row an event that was news to its account; written once, never changed. `version` and `claims` are those of the
-- account after the event: each event raises one of them, so together they are its place in the story.
CREATE TABLE account_story (
    account_id uuid NOT NULL,
    version integer NOT NULL,
    claims integer NOT NULL,
    time timestamptz NOT NULL,
    import_id uuid NOT NULL,           -- the claim that the event answers or makes
    row integer NOT NULL,
    kind integer NOT NULL,             -- account_story.fold.Kind
    data text NOT NULL,                -- JSON: who, and what else the event said; empty if nothing
    PRIMARY KEY (account_id, version, claims)
);
