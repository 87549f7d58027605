-- The end of courses, and what should be closed but is not.

-- One row a project, as its owner last described it; read again from the topic where it is missing.
CREATE TABLE projects (
    project_id uuid PRIMARY KEY,
    revision integer NOT NULL,
    name text NOT NULL,
    deleted boolean NOT NULL,
    -- the last day, where the end is a whole day; null where it is an exact moment, or there is none
    end_date date,
    -- the first moment after the course, in the site's time zone
    ends timestamptz,
    -- when this description was read, by the service's clock
    read_at timestamptz NOT NULL,
    -- whether closing was begun for this end (or deletion)
    begun boolean NOT NULL DEFAULT false,
    -- by the server's clock: copies look for what was noted since they last looked
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Courses that are over, by partition of the log, until nothing of them is open there.
CREATE TABLE endings (
    project_id uuid NOT NULL,
    partition smallint NOT NULL,
    -- what was last asked for; while it is under way nothing more is
    job_id uuid,
    looks integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (project_id, partition)
);

-- Accounts that are being closed, or could not be: since when and why. A fold of the log, kept with `accounts`.
CREATE TABLE closings (
    account_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    cause text NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX closings_by_age ON closings (since, account_id);

-- What was being closed before this table was: its cause is read from the log again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM accounts WHERE state = 4) THEN
        TRUNCATE positions, accounts, work, outbox;
    END IF;
END
$$;
