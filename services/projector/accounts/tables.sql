-- One row an account. The first seven columns are written once, with the first request; `email` is null until then.
-- Nothing that changes is indexed, so an update stays on its page (HOT); fillfactor leaves room for one.
CREATE TABLE accounts (
    account_id uuid PRIMARY KEY,
    project_id uuid,
    email text,
    address text,                      -- email in small letters, where that is another one
    description text,
    requested_by text,
    created timestamptz,
    modified timestamptz NOT NULL,
    version integer NOT NULL,          -- of the last provisioner's fact folded; 0: none yet
    standing text NOT NULL,            -- schemas.row_class.Standing
    phase text,
    username text,
    code text,                         -- why it failed, or what it waits for
    message text,
    can_retry boolean NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamptz,
    expires_at timestamptz,
    life integer NOT NULL,
    uncertain boolean NOT NULL DEFAULT false,  -- it failed, and may exist at the account service all the same
    close_code text,                   -- why it could not be closed
    claims text NOT NULL               -- JSON: [import, row, revision, claim, pinned standing, why kept]
) WITH (fillfactor = 60);

CREATE INDEX accounts_of_project ON accounts (project_id, created, account_id);
