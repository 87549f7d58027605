-- Which project an account, a chunk of work and an import belong to; and how often nobody answered.

-- What was stored before is read from the log again: only the requests say which project.
TRUNCATE positions, accounts, work, outbox;

ALTER TABLE accounts ADD COLUMN project_id uuid NOT NULL;
-- attempts of the series that ended without an answer although the account service was up
ALTER TABLE accounts ADD COLUMN doubts smallint NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN project_id uuid NOT NULL;

-- Neither column changes while an account is made or closed: updates stay on their page.
CREATE INDEX accounts_of_project ON accounts (project_id, import_id);

-- The project of each import that asked for anything: what an import asked for is found through its project.
CREATE TABLE imports (
    import_id uuid PRIMARY KEY,
    project_id uuid NOT NULL
);
