-- name: story
-- The events of one account in order, from a place on; one row without a kind if it has no more, none if it is not there.
SELECT s.n, s.time, s.import_id, s.row, s.kind, s.data
FROM accounts AS a
LEFT JOIN LATERAL (
    SELECT * FROM account_story AS t WHERE t.account_id = a.account_id AND t.n > $2 ORDER BY t.n LIMIT $3
) AS s ON true
WHERE a.account_id = $1 AND a.email IS NOT NULL
ORDER BY s.n;
