-- name: add
-- Claims to give up; the same chunk twice is one.
INSERT INTO releases (release_id, partition, import_id, cause, author, due_at, looks, account_ids, request_ids)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- name: take
-- The next due chunks of some partitions, at most one an import and $3 in all, gone when the transaction commits.
WITH next AS (
    SELECT DISTINCT ON (import_id) release_id
    FROM releases
    WHERE partition = ANY($1::smallint[]) AND due_at <= $2
    ORDER BY import_id, due_at, release_id
), chosen AS (
    SELECT release_id FROM releases JOIN next USING (release_id) LIMIT $3 FOR UPDATE OF releases SKIP LOCKED
)
DELETE FROM releases USING chosen
WHERE releases.release_id = chosen.release_id
RETURNING releases.*;

-- name: partitions_of
-- The partitions of the accounts that exist.
SELECT account_id, partition FROM accounts WHERE account_id = ANY($1::uuid[]);

-- name: claimed_by
-- Accounts of a partition on which an import has a claim: a scan, for healing only.
SELECT account_id
FROM accounts
WHERE partition = $1 AND (import_id = $2 OR strpos(other_claims, $2::uuid::text) > 0);
