-- name: add
-- A chunk of work: due (no owner), or born in somebody's hands.
INSERT INTO work (chunk_id, partition, project_id, import_id, due_at, owner, lease_until, account_ids, fresh)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: claim
-- Take due chunks in turn: each import's n-th account inside its project, each project's n-th inside all; what is
-- in hand already ($8 to $10: project, import, accounts) counts as theirs. Up to $3 accounts in all, up to $6 for
-- imports that have none in hand, up to $7 for projects that have none.
WITH held AS (
    SELECT project_id, import_id, accounts
    FROM unnest($8::uuid[], $9::uuid[], $10::int[]) AS h (project_id, import_id, accounts)
), held_project AS (
    SELECT project_id, sum(accounts) AS accounts FROM held GROUP BY project_id
), due AS (
    SELECT chunk_id, due_at, size, project_id, import_id
    FROM work
    WHERE partition = ANY($1::smallint[]) AND due_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
), in_import AS (
    SELECT due.*, h.accounts IS NULL AS new_import,
        coalesce(h.accounts, 0)
            + sum(size) OVER (PARTITION BY project_id, import_id ORDER BY due_at, chunk_id) AS turn
    FROM due LEFT JOIN held AS h USING (project_id, import_id)
), in_project AS (
    SELECT i.*, p.accounts IS NULL AS new_project,
        coalesce(p.accounts, 0)
            + sum(size) OVER (PARTITION BY project_id ORDER BY turn, due_at, chunk_id) AS project_turn
    FROM in_import AS i LEFT JOIN held_project AS p USING (project_id)
), in_turn AS (
    SELECT chunk_id, new_import, new_project,
        sum(size) OVER (ORDER BY project_turn, due_at, chunk_id) - size AS before
    FROM in_project
), chosen AS (
    SELECT w.chunk_id, w.fresh AS was_fresh
    FROM in_turn
    JOIN work AS w USING (chunk_id)
    WHERE in_turn.before < CASE WHEN new_project THEN $7::bigint WHEN new_import THEN $6::bigint ELSE $3::bigint END
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
    SELECT chunk_id, size
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
-- Extend the leases of some chunks that are still in one owner's hands; answers which they are.
UPDATE work SET lease_until = $3 WHERE chunk_id = ANY($1::uuid[]) AND owner = $2 RETURNING chunk_id;

-- name: put_back
-- Put some of one owner's chunks back.
UPDATE work SET owner = NULL, lease_until = NULL WHERE chunk_id = ANY($1::uuid[]) AND owner = $2;

-- name: release
-- Put one owner's chunks of some partitions back; those of $3 are as if nobody had held them.
UPDATE work SET owner = NULL, lease_until = NULL, fresh = chunk_id = ANY($3::uuid[])
WHERE owner = $1 AND partition = ANY($2::smallint[]);
