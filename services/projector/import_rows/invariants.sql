-- name: rows_have_their_account
-- Every row that asks for an account has one, and only rows that ask for nothing say why.
SELECT r.import_id, r.row, r.revision, r.account_id, r.claim
FROM import_rows AS r
LEFT JOIN accounts AS a ON a.account_id = r.account_id
WHERE (r.account_id IS NOT NULL AND a.account_id IS NULL)
    OR (r.account_id IS NULL) <> (r.claim IN ('invalid', 'duplicate'))
    OR (r.account_id IS NULL) <> (r.code IS NOT NULL);

-- name: rows_are_claims
-- Every row that asks for an account is one of the claims on it, and stands as the claim says.
SELECT r.import_id, r.row, r.revision, r.account_id
FROM import_rows AS r
JOIN accounts AS a ON a.account_id = r.account_id
WHERE strpos(a.claims, format('["%s",%s,%s,"%s",%s,%s]', replace(r.import_id::text, '-', ''), r.row, r.revision,
    r.claim, coalesce('"' || r.pinned || '"', 'null'), coalesce('"' || r.kept || '"', 'null'))) = 0;

-- name: rows_are_of_the_import
-- No row lies beyond those that the import was accepted with.
SELECT r.import_id, r.row, r.revision, i.rows
FROM import_rows AS r
JOIN imports AS i ON i.import_id = r.import_id
WHERE r.row < 1 OR r.row > i.rows;

-- name: whole_imports_have_every_row
-- An import with as many first revisions as it has rows has each of them once, from 1 on.
SELECT i.import_id, i.rows, r.first, r.last
FROM imports AS i
JOIN (
    SELECT import_id, count(*) AS number, min(row) AS first, max(row) AS last
    FROM import_rows
    WHERE revision = 0
    GROUP BY import_id
) AS r ON r.import_id = i.import_id
WHERE r.number > i.rows OR (r.number = i.rows AND (r.first <> 1 OR r.last <> i.rows));

-- name: nothing_is_asked_after_a_cancel
-- No row after the last one of a cancelled import asked for an account, unless it was corrected.
SELECT r.import_id, r.row, i.last_row
FROM imports AS i
JOIN import_rows AS r ON r.import_id = i.import_id
WHERE r.row > i.last_row AND r.revision = 0 AND r.account_id IS NOT NULL;

-- name: failed_rows_are_marked
-- A row is marked as failed exactly when its claim and its account make it so.
SELECT r.import_id, r.row, r.revision, r.failed, c.class
FROM import_rows AS r
LEFT JOIN accounts AS a ON a.account_id = r.account_id
LEFT JOIN row_classes AS c ON c.claim = r.claim AND c.standing = coalesce(r.pinned, a.standing, 'pending')
WHERE c.class IS NULL OR (c.class = 'failed') <> coalesce(r.failed, false);
