-- name: stories_are_whole
-- The story of an account ends with its last fact, and makes as many claims as rows ask for it.
SELECT a.account_id, a.version, s.version AS told, s.claims
FROM accounts AS a
LEFT JOIN LATERAL (
    SELECT t.version, t.claims FROM account_story AS t
    WHERE t.account_id = a.account_id
    ORDER BY t.version DESC, t.claims DESC
    LIMIT 1
) AS s ON true
WHERE a.version IS DISTINCT FROM s.version OR json_array_length(a.claims::json) IS DISTINCT FROM s.claims;
