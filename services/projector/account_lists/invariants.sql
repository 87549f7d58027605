-- name: counts_are_accounts
-- As many accounts are counted for each project as it has in each standing.
WITH counted AS (
    SELECT project_id, sum(pending) AS pending, sum(waiting) AS waiting, sum(ok) AS ok, sum(erred) AS erred,
        sum(closed) AS closed
    FROM account_counts
    GROUP BY project_id
), there AS (
    SELECT project_id, count(*) FILTER (WHERE standing = 'pending') AS pending,
        count(*) FILTER (WHERE standing = 'waiting') AS waiting, count(*) FILTER (WHERE standing = 'ok') AS ok,
        count(*) FILTER (WHERE standing = 'erred') AS erred, count(*) FILTER (WHERE standing = 'closed') AS closed
    FROM accounts
    WHERE email IS NOT NULL
    GROUP BY project_id
)
SELECT project_id, counted.ok AS counted_ok, there.ok, counted.erred AS counted_erred, there.erred,
    counted.pending AS counted_pending, there.pending
FROM counted
FULL JOIN there USING (project_id)
WHERE (counted.pending, counted.waiting, counted.ok, counted.erred, counted.closed)
    IS DISTINCT FROM (there.pending, there.waiting, there.ok, there.erred, there.closed);

-- name: spans_are_accounts
-- The first and the last account of each project were asked for when the counts say.
WITH counted AS (
    SELECT project_id, min(first_created) AS first, max(last_created) AS last FROM account_counts GROUP BY project_id
), there AS (
    SELECT project_id, min(created) AS first, max(created) AS last FROM accounts WHERE email IS NOT NULL GROUP BY project_id
)
SELECT project_id, counted.first AS counted_first, there.first, counted.last AS counted_last, there.last
FROM counted
FULL JOIN there USING (project_id)
WHERE (counted.first, counted.last) IS DISTINCT FROM (there.first, there.last);

-- name: addresses_are_accounts
-- Every listed account has exactly one address to be found by, which is its own.
SELECT account_id, s.number
FROM (SELECT account_id, project_id, created, coalesce(address, email) AS address FROM accounts WHERE email IS NOT NULL) AS a
FULL JOIN (
    SELECT account_id, count(*) AS number, min(project_id::text) AS project_id, min(created) AS created,
        min(address) AS address
    FROM account_addresses
    GROUP BY account_id
) AS s USING (account_id)
WHERE a.account_id IS NULL OR s.number IS DISTINCT FROM 1
    OR (a.project_id::text, a.created, a.address) IS DISTINCT FROM (s.project_id, s.created, s.address);
