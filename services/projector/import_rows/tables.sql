-- One row a claim or skipped row, inserted once; how it stands is joined from `accounts` when read.
-- The columns from `claim` on change, and only for rows that fail, meet other claims in one account, or are kept.
CREATE TABLE import_rows (
    import_id uuid NOT NULL,
    row integer NOT NULL,
    revision integer NOT NULL,         -- a row follows its highest revision
    line integer NOT NULL,
    email text NOT NULL,               -- as it was typed
    description text NOT NULL,
    account_id uuid,                   -- null: the row asks for nothing
    code text,                         -- why the row asks for nothing
    duplicate_of integer,
    claim text NOT NULL,               -- schemas.row_class.Claim
    pinned text,                       -- schemas.row_class.Standing, in place of the account's
    kept text,                         -- why an undo left the account alone
    ending text,                       -- accounts.view.Ending, where an undo is over: kept or failed
    failed boolean,                    -- true while the row is of that class, else null
    PRIMARY KEY (import_id, row, revision)
);

-- The few rows that somebody looks for in a long import: refused, repeated, failed, kept, not closed.
CREATE INDEX import_rows_aside ON import_rows (import_id, row)
WHERE account_id IS NULL OR failed OR ending IS NOT NULL;

-- schemas.row_class.row_class as a table, filled from that function: SQL joins the rule and never re-states it.
CREATE TABLE row_classes (
    claim text NOT NULL,
    standing text NOT NULL,
    class text NOT NULL,
    PRIMARY KEY (claim, standing)
);

-- Rows as they stand now. An account nobody works on waits while the account service is being waited for.
-- OFFSET 0 keeps the look-ups per row, by key: a hash join would read all accounts for a hundred rows.
CREATE VIEW classified_rows AS
SELECT r.import_id, r.row, r.revision, r.line, r.email, r.description, r.account_id, r.duplicate_of,
    c.class, r.code AS row_code, r.kept, r.ending, r.failed, a.standing, a.phase, a.username, a.code, a.message,
    a.can_retry, a.attempts, a.next_attempt_at, a.close_code
FROM import_rows AS r
LEFT JOIN LATERAL (SELECT * FROM accounts AS b WHERE b.account_id = r.account_id OFFSET 0) AS a ON true
JOIN row_classes AS c ON c.claim = r.claim AND c.standing = CASE
    WHEN coalesce(r.pinned, a.standing, 'pending') = 'pending'
        AND (SELECT bool_or(t.paused) FROM targets AS t) THEN 'waiting'
    ELSE coalesce(r.pinned, a.standing, 'pending')
END
WHERE NOT EXISTS (
    SELECT FROM import_rows AS newer
    WHERE newer.import_id = r.import_id AND newer.row = r.row AND newer.revision > r.revision
    OFFSET 0
);
