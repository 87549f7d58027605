-- One row an account that waits for another attempt: inserted when it begins to wait, deleted when it does not.
CREATE TABLE waiting (
    account_id uuid PRIMARY KEY,
    import_id uuid NOT NULL,           -- the row it is made for
    row integer NOT NULL,
    since timestamptz NOT NULL,
    next_attempt_at timestamptz,
    attempts integer NOT NULL,
    code text                          -- why: schemas.codes
);
