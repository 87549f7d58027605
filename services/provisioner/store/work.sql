-- name: add
-- A chunk of work: due (no owner), or born in somebody's hands.
INSERT INTO work (chunk_id, partition, project_id, import_id, due_at, owner, lease_until, account_ids, fresh)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: claim
-- Take about $3 due accounts, fair between imports: each import's n-th account before any import's (n+1)-th.
WITH due AS (
    SELECT chunk_id, due_at, cardinality(account_ids) AS size,
        sum(cardinality(account_ids)) OVER (PARTITION BY import_id ORDER BY due_at, chunk_id) AS turn
    FROM work
    WHERE partition = ANY($1::smallint[]) AND due_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
), in_turn AS (
    SELECT chunk_id, sum(size) OVER (ORDER BY turn, due_at, chunk_id) - size AS before
    FROM due
), chosen AS (
    SELECT w.chunk_id, w.fresh AS was_fresh
    FROM in_turn
    JOIN work AS w USING (chunk_id)
    WHERE in_turn.before < $3
        AND (w.lease_until IS NULL OR w.lease_until < $2) -- again, on the row as it is once it is locked
    FOR UPDATE OF w SKIP LOCKED
)
UPDATE work AS w
SET owner = $4, lease_until = $5, fresh = false
FROM chosen
WHERE w.chunk_id = chosen.chunk_id
RETURNING w.chunk_id, w.partition, w.project_id, w.import_id, w.account_ids, chosen.was_fresh;

-- name: take_stopped
-- Take at least $3 accounts in chunks of stopped imports ($2), if there are as many, that nobody held yet.
WITH stopped AS (
    SELECT chunk_id, cardinality(account_ids) AS size
    FROM work
    WHERE partition = ANY($1::smallint[]) AND fresh AND owner IS NULL
        AND import_id = ANY($2::uuid[])
), counted AS (
    SELECT chunk_id, sum(size) OVER (ORDER BY chunk_id) - size AS before FROM stopped
), chosen AS (
    SELECT w.chunk_id
    FROM counted
    JOIN work AS w USING (chunk_id)
    WHERE counted.before < $3 AND w.fresh AND w.owner IS NULL -- again, on the row as it is once it is locked
    FOR UPDATE OF w SKIP LOCKED
)
DELETE FROM work AS w
USING chosen
WHERE w.chunk_id = chosen.chunk_id
RETURNING w.chunk_id, w.partition, w.project_id, w.import_id, w.account_ids, w.fresh AS was_fresh;

-- name: doubt
-- Chunks that somebody may have held before.
UPDATE work SET fresh = false WHERE fresh AND partition = ANY($1::smallint[]);

-- name: unheld
-- Which accounts certainly nobody has called for: in a chunk, and in none that anybody holds, or ever held.
WITH asked AS (
    SELECT account_id, partition, project_id FROM accounts WHERE account_id = ANY($1::uuid[])
), queued AS (
    SELECT unnest(w.account_ids) AS account_id, w.fresh AND w.owner IS NULL AS unheld
    FROM work AS w
    JOIN (SELECT DISTINCT partition, project_id FROM asked) AS places USING (partition, project_id)
)
SELECT account_id
FROM asked
JOIN queued USING (account_id)
GROUP BY account_id
HAVING bool_and(unheld);

-- name: ours
-- Chunks that an owner still holds, locked.
SELECT chunk_id FROM work WHERE chunk_id = ANY($1::uuid[]) AND owner = $2 ORDER BY chunk_id FOR UPDATE;

-- name: finish
-- Chunks in which nothing is left to do.
DELETE FROM work WHERE chunk_id = ANY($1::uuid[]) AND owner = $2;

-- name: keep
-- Extend the leases of everything in one owner's hands.
UPDATE work SET lease_until = $2 WHERE owner = $1;

-- name: release
-- Put one owner's chunks of some partitions back; those of $3 are as if nobody had held them.
UPDATE work SET owner = NULL, lease_until = NULL, fresh = chunk_id = ANY($3::uuid[])
WHERE owner = $1 AND partition = ANY($2::smallint[]);
