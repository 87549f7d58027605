-- name: unclosed
-- What should be closed but is not, of some projects or of all: accounts that are being closed, or could not be; and, of courses that are over,
-- accounts that exist or may exist and nobody has asked to close yet.
WITH over AS (
    SELECT project_id, deleted, CASE WHEN deleted OR ends IS NULL THEN read_at ELSE ends END AS since
    FROM projects AS p
    WHERE (deleted OR ends <= $1)
        AND (NOT begun OR EXISTS (SELECT FROM endings AS e WHERE e.project_id = p.project_id))
        AND ($2::uuid[] IS NULL OR project_id = ANY($2))
), unclosed AS (
    SELECT a.account_id, a.project_id, 'not_asked' AS state,
        CASE WHEN over.deleted THEN 'project_deleted' ELSE 'course_ended' END AS cause, over.since,
        0 AS attempts, NULL AS code, NULL::timestamptz AS next_attempt_at
    FROM over
    JOIN accounts AS a USING (project_id)
    WHERE a.state = 2 OR (a.state IN (1, 3) AND a.effect_unknown)
    UNION ALL
    SELECT a.account_id, a.project_id,
        CASE
            WHEN a.code IS NULL THEN 'closing'
            WHEN a.next_attempt_at IS NULL THEN 'given_up'
            ELSE 'retrying'
        END AS state,
        c.cause, c.since, a.attempt AS attempts, a.code, a.next_attempt_at
    FROM closings AS c
    JOIN accounts AS a USING (account_id)
    WHERE a.state = 4 AND ($2::uuid[] IS NULL OR a.project_id = ANY($2))
)

-- name: page
-- The oldest first, from after a place.
SELECT u.*, p.name AS project_name
FROM unclosed AS u
LEFT JOIN projects AS p USING (project_id)
WHERE $3::timestamptz IS NULL OR (u.since, u.account_id) > ($3, $4::uuid)
ORDER BY u.since, u.account_id
LIMIT $5

-- name: count
-- How many there are, by how they stand, and since when.
SELECT state, count(*) AS accounts, min(since) AS since FROM unclosed GROUP BY state
