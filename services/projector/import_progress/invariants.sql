-- name: counts_are_the_rows
-- The counts of every import, over all partitions, are those of its rows counted one by one.
WITH counted AS (
    SELECT p.import_id, c.class, sum(c.number) AS number
    FROM import_progress AS p
    CROSS JOIN LATERAL (
        VALUES ('created', p.created), ('failed', p.failed), ('waiting', p.waiting), ('cancelled', p.cancelled),
            ('closed', p.closed), ('existing', p.existing), ('duplicate', p.duplicate), ('invalid', p.invalid)
    ) AS c (class, number)
    GROUP BY p.import_id, c.class
    HAVING sum(c.number) <> 0
), found AS (
    SELECT r.import_id, c.class, count(*) AS number
    FROM import_rows AS r
    LEFT JOIN accounts AS a ON a.account_id = r.account_id
    JOIN row_classes AS c ON c.claim = r.claim AND c.standing = coalesce(r.pinned, a.standing, 'pending')
    WHERE c.class <> 'pending'
    GROUP BY r.import_id, c.class
)
SELECT import_id, class, counted.number AS counted, found.number AS found
FROM counted
FULL JOIN found USING (import_id, class)
WHERE counted.number IS DISTINCT FROM found.number;

-- name: endings_are_the_rows
-- The corrections, and the accounts that an undo left alone or could not close, are those of the rows.
WITH counted AS (
    SELECT import_id, sum(corrections) AS corrections, sum(kept) AS kept, sum(unclosed) AS unclosed
    FROM import_progress
    GROUP BY import_id
), found AS (
    SELECT import_id, count(*) FILTER (WHERE revision > 0) AS corrections,
        count(*) FILTER (WHERE ending = 'kept') AS kept, count(*) FILTER (WHERE ending = 'failed') AS unclosed
    FROM import_rows
    GROUP BY import_id
)
SELECT import_id, counted.corrections, counted.kept, counted.unclosed, found.corrections AS found_corrections,
    found.kept AS found_kept, found.unclosed AS found_unclosed
FROM counted
FULL JOIN found USING (import_id)
WHERE coalesce(counted.corrections, 0) <> coalesce(found.corrections, 0)
    OR coalesce(counted.kept, 0) <> coalesce(found.kept, 0)
    OR coalesce(counted.unclosed, 0) <> coalesce(found.unclosed, 0);

-- name: equation_holds
-- No import counts more rows than it was accepted with, corrected ones once.
SELECT i.import_id, i.rows, p.counted, p.corrections
FROM imports AS i
JOIN (
    SELECT import_id, sum(corrections) AS corrections,
        sum(created + failed + waiting + cancelled + closed + existing + duplicate + invalid) AS counted
    FROM import_progress
    GROUP BY import_id
) AS p ON p.import_id = i.import_id
WHERE p.counted > i.rows + p.corrections;

-- name: counts_are_not_negative
-- No count is negative, and whatever is counted was an event.
SELECT import_id, partition, version
FROM import_progress
WHERE least(created, failed, waiting, cancelled, closed, existing, duplicate, invalid, corrections, to_close, kept,
    unclosed) < 0 OR version < 1 OR rate < 0;

-- name: facts_are_counted
-- Every import of which a fact is known has a version.
SELECT i.import_id
FROM imports AS i
WHERE NOT EXISTS (SELECT FROM import_progress AS p WHERE p.import_id = i.import_id);

-- name: waiting_has_begun
-- Rows wait in a partition exactly when it is known since when.
SELECT import_id, partition, waiting
FROM import_progress
WHERE (waiting > 0) <> (waiting_since IS NOT NULL) OR (waiting = 0 AND (waiting_code IS NOT NULL
    OR next_attempt_at IS NOT NULL)) OR (rate > 0) <> (rate_at IS NOT NULL);
