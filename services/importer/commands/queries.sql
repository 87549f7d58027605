-- name: find
-- A submitted import, and what was asked of it.
SELECT i.import_id, i.rows, i.requested, i.requested_to, i.sending_to, i.cancelled_to, i.published_at, i.purged_at,
    i.project ->> 'project_id' AS project_id, c.asked_at AS cancel_at, u.asked_at AS undo_at
FROM imports AS i
LEFT JOIN cancels AS c USING (import_id)
LEFT JOIN undos AS u USING (import_id)
WHERE i.import_id = $1;

-- name: add_cancel
-- An import shall be stopped; whoever says so again has the provisioner told again.
INSERT INTO cancels (import_id, author, reason, asked_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (import_id) DO UPDATE SET told_at = NULL;

-- name: add_undo
-- An import shall be undone.
INSERT INTO undos (import_id, author, reason, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: cancel_place
-- Where ImportCancelled lies, once confirmed.
SELECT log_partition, log_offset FROM cancels WHERE import_id = $1 AND published_at IS NOT NULL;

-- name: undo_place
-- Where ImportUndoStarted lies, once confirmed.
SELECT log_partition, log_offset FROM undos WHERE import_id = $1 AND published_at IS NOT NULL;

-- name: untold
-- Stopped imports of which the provisioner has not confirmed to know.
SELECT import_id, author, reason FROM cancels WHERE told_at IS NULL ORDER BY asked_at LIMIT $1;

-- name: told
-- The provisioner has confirmed.
UPDATE cancels SET told_at = $2 WHERE import_id = $1;

-- name: unreleased_undos
-- Undos whose claims are to be given up: the log says so, and nothing more of the import starts.
SELECT u.import_id, u.author, u.released_to, i.cancelled_to
FROM undos AS u
JOIN imports AS i USING (import_id)
LEFT JOIN cancels AS c USING (import_id)
WHERE u.released_at IS NULL AND u.published_at IS NOT NULL
    AND (c.import_id IS NULL OR (c.told_at IS NOT NULL AND c.published_at IS NOT NULL))
    AND NOT EXISTS (SELECT FROM corrections AS k WHERE k.import_id = u.import_id AND k.published_at IS NULL)
ORDER BY u.asked_at
LIMIT $1;

-- name: claims
-- The next claims of an import, by row: requests that may have been sent (up to row $3), and all its corrections.
SELECT row, revision, account_id
FROM (
    (
        SELECT r.row, 0 AS revision, r.account_id
        FROM draft_rows AS r
        WHERE r.draft_id = $1 AND r.row > $2 AND r.row <= coalesce($3, 2147483647)
            AND r.verdict NOT IN ('invalid', 'duplicate')
        ORDER BY r.row
        LIMIT $4
    )
    UNION ALL
    SELECT k.row, k.revision, k.account_id FROM corrections AS k WHERE k.import_id = $1 AND k.row > $2
) AS claims
ORDER BY row, revision
LIMIT $4;

-- name: released
-- Claims of rows up to $3 are in the provisioner's hands; perhaps these were all.
UPDATE undos
SET released_to = $3, released_at = CASE WHEN $4 THEN $5::timestamptz END
WHERE import_id = $1 AND released_to = $2;

-- name: unreleased_corrections
-- Claims that were given up for another address, once the log knows the new one.
SELECT import_id, row, revision, author, old_account, old_request
FROM corrections
WHERE released_at IS NULL AND published_at IS NOT NULL
ORDER BY asked_at
LIMIT $1;

-- name: correction_released
-- The provisioner has taken the old claim back.
UPDATE corrections SET released_at = $4 WHERE import_id = $1 AND row = $2 AND revision = $3;

-- name: newest
-- A row as it stands: as staged, or as last corrected.
SELECT r.row, r.line, r.verdict, coalesce(k.revision, 0) AS revision, coalesce(k.email, r.email) AS email,
    coalesce(k.description, r.description) AS description, coalesce(k.account_id, r.account_id) AS account_id,
    k.revision IS NOT NULL AND k.published_at IS NULL AS unpublished
FROM draft_rows AS r
LEFT JOIN LATERAL (
    SELECT revision, email, description, account_id, published_at
    FROM corrections
    WHERE import_id = $1 AND row = $2
    ORDER BY revision DESC
    LIMIT 1
) AS k ON true
WHERE r.draft_id = $1 AND r.row = $2;

-- name: lock_import
-- One correction at a time; and whether the import was stopped meanwhile.
SELECT EXISTS (SELECT FROM cancels AS c WHERE c.import_id = i.import_id) AS cancelled,
    EXISTS (SELECT FROM undos AS u WHERE u.import_id = i.import_id) AS undone,
    i.purged_at IS NOT NULL AS purged
FROM imports AS i
WHERE i.import_id = $1
FOR NO KEY UPDATE;

-- name: row_with_account
-- Another row of the import that asks for an account: as it stands, not as it was.
SELECT r.row
FROM draft_rows AS r
WHERE r.draft_id = $1 AND r.account_id = $2 AND r.row <> $3 AND r.verdict NOT IN ('invalid', 'duplicate')
    AND NOT EXISTS (SELECT FROM corrections AS k WHERE k.import_id = $1 AND k.row = r.row)
UNION ALL
SELECT k.row
FROM corrections AS k
WHERE k.import_id = $1 AND k.account_id = $2 AND k.row <> $3
    AND NOT EXISTS (
        SELECT FROM corrections AS newer
        WHERE newer.import_id = $1 AND newer.row = k.row AND newer.revision > k.revision
    )
LIMIT 1;

-- name: add_correction
-- A row is corrected; without an old claim there is nothing to release.
INSERT INTO corrections (
    import_id, row, revision, line, email, canonical_email, description, account_id, author, asked_at,
    old_account, old_request, released_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, CASE WHEN $12::uuid IS NULL THEN $10::timestamptz END);

-- name: correction_place
-- Where the corrected row's AccountRequested lies, once confirmed.
SELECT log_partition, log_offset
FROM corrections
WHERE import_id = $1 AND row = $2 AND revision = $3 AND published_at IS NOT NULL;
