-- One row a claim or skipped row, inserted once; how it stands is joined from `accounts` when read.
-- Only `claim` and `pinned` ever change, and only when several claims meet in one account.
CREATE TABLE import_rows (
    import_id uuid NOT NULL,
    row integer NOT NULL,
    revision integer NOT NULL,         -- a row follows its highest revision
    line integer NOT NULL,
    email text NOT NULL,               -- as it was typed
    description text NOT NULL,
    account_id uuid,                   -- null: the row asks for nothing
    claim text NOT NULL,               -- schemas.row_class.Claim
    pinned text,                       -- schemas.row_class.Standing, in place of the account's
    code text,                         -- why the row asks for nothing
    duplicate_of integer,
    PRIMARY KEY (import_id, row, revision)
);

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
    c.class, r.code AS row_code, a.standing, a.phase, a.username, a.code, a.message, a.can_retry, a.attempts,
    a.next_attempt_at
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
