-- name: next_turn
-- The import to serve, locked for this connection: what somebody waits for first, then the one served longest ago;
-- with $1 only what was never served, and what was asked of an import since. Locks of imports that another publisher
-- has in hand are passed over.
SELECT waiting.import_id
FROM (
    SELECT c.import_id, 0 AS urgency, c.asked_at AS since FROM cancels AS c WHERE c.published_at IS NULL
    UNION ALL
    SELECT u.import_id, 1, u.asked_at FROM undos AS u WHERE u.published_at IS NULL
    UNION ALL
    SELECT k.import_id, 2, k.asked_at FROM corrections AS k WHERE k.published_at IS NULL
    UNION ALL
    SELECT i.import_id, 3 + (i.served_at IS NOT NULL)::int, coalesce(i.served_at, i.submitted_at)
    FROM imports AS i
    WHERE i.published_at IS NULL AND (i.served_at IS NULL OR NOT $1::boolean)
    ORDER BY urgency, since
    LIMIT 100
) AS waiting
WHERE pg_try_advisory_lock(hashtextextended('publish ' || waiting.import_id::text, 0))
LIMIT 1;

-- name: somebody_waits
-- Whether anything else is to be published, of another import or of this one.
SELECT EXISTS (SELECT FROM imports WHERE published_at IS NULL AND import_id <> $1)
    OR EXISTS (SELECT FROM cancels WHERE published_at IS NULL)
    OR EXISTS (SELECT FROM undos WHERE published_at IS NULL)
    OR EXISTS (SELECT FROM corrections WHERE published_at IS NULL);

-- name: pending
-- All that is known of an import that is to be served, and what was asked of it.
SELECT i.import_id, i.project, i.author, i.source, i.submitted_at, i.if_erred, i.if_closed, i.file_name,
    i.file_bytes, i.file_sha256, i.rows, i.requested, i.verdicts, i.cause_id, i.accepted_offset, i.skipped_to,
    i.skipped_done, i.requested_to, i.sending_to, i.cancelled_to, i.published_at,
    c.author AS cancel_author, c.reason AS cancel_reason, c.asked_at AS cancel_at,
    c.published_at AS cancel_published_at,
    u.author AS undo_author, u.reason AS undo_reason, u.asked_at AS undo_at, u.published_at AS undo_published_at,
    EXISTS (
        SELECT FROM corrections AS k WHERE k.import_id = i.import_id AND k.published_at IS NULL
    ) AS corrected
FROM imports AS i
LEFT JOIN cancels AS c USING (import_id)
LEFT JOIN undos AS u USING (import_id)
WHERE i.import_id = $1;

-- name: skipped_rows
-- The next rows that ask for nothing.
SELECT row, line, email, description, verdict, code, duplicate_of
FROM draft_rows
WHERE draft_id = $1 AND row > $2 AND verdict IN ('invalid', 'duplicate')
ORDER BY row
LIMIT $3;

-- name: requested_rows
-- The next rows that become requests, up to a row if one is given.
SELECT row, line, account_id::text, email, coalesce(canonical_email, email), description
FROM draft_rows
WHERE draft_id = $1 AND row > $2 AND row <= coalesce($4, 2147483647) AND verdict NOT IN ('invalid', 'duplicate')
ORDER BY row
LIMIT $3;

-- name: accepted
-- ImportAccepted is on the log; perhaps no row is to be skipped.
UPDATE imports
SET accepted_partition = $2, accepted_offset = $3, skipped_done = $4, served_at = $5
WHERE import_id = $1;

-- name: skipped
-- Rows up to this one are in confirmed RowsSkipped. In a cancelled import nothing follows them.
UPDATE imports
SET skipped_to = $2, skipped_done = $3, served_at = $4,
    published_at = CASE WHEN $3 AND cancelled_to IS NOT NULL THEN $4::timestamptz ELSE published_at END
WHERE import_id = $1;

-- name: begin_step
-- Requests up to a row are confirmed, those up to a later one are about to be sent; nothing if that may no longer be.
UPDATE imports AS i
SET requested_to = $3, sending_to = $4, served_at = $5
WHERE i.import_id = $1 AND i.sending_to = $2 AND i.cancelled_to IS NULL AND i.published_at IS NULL
    AND NOT EXISTS (SELECT FROM cancels AS c WHERE c.import_id = $1)
RETURNING 1;

-- name: requested
-- Requests up to this row are confirmed, the last ones at these places; perhaps these were all.
UPDATE imports
SET requested_to = greatest(requested_to, $2), served_at = $4, places = coalesce(places, '{}') || $5::jsonb,
    published_at = CASE WHEN $3 THEN $4::timestamptz ELSE published_at END
WHERE import_id = $1;

-- name: stop_sending
-- From now on no step begins; how far requests may have been sent, and how far they are confirmed.
UPDATE imports
SET cancelled_to = coalesce(cancelled_to, sending_to)
WHERE import_id = $1
RETURNING cancelled_to, requested_to;

-- name: cancelled
-- ImportCancelled is on the log. The import has ended, once the rows that ask for nothing are there, too.
WITH said AS (
    UPDATE cancels SET published_at = $4, log_partition = $2, log_offset = $3 WHERE import_id = $1
)
UPDATE imports
SET served_at = $4,
    published_at = CASE WHEN skipped_done THEN coalesce(published_at, $4::timestamptz) ELSE published_at END
WHERE import_id = $1;

-- name: undo_started
-- ImportUndoStarted is on the log.
UPDATE undos SET published_at = $4, log_partition = $2, log_offset = $3 WHERE import_id = $1;

-- name: corrections
-- Corrected rows that are to be asked for.
SELECT row, revision, line, email, canonical_email, description, account_id, author, asked_at
FROM corrections
WHERE import_id = $1 AND published_at IS NULL
ORDER BY asked_at, row, revision
LIMIT $2;

-- name: corrected
-- These corrections are on the log.
UPDATE corrections AS k
SET published_at = $6, log_partition = said.log_partition, log_offset = said.log_offset
FROM unnest($2::int[], $3::int[], $4::int[], $5::bigint[]) AS said (row, revision, log_partition, log_offset)
WHERE k.import_id = $1 AND k.row = said.row AND k.revision = said.revision;

-- name: unfinished
-- How many imports are not all on the log.
SELECT count(*) FROM imports WHERE published_at IS NULL;
