-- name: next_accounts
-- The accounts behind one of them, in the order of their key: a page costs the same wherever it begins.
SELECT a.account_id, a.created, a.modified, a.project_id, a.username, a.standing, a.code, a.message, a.email,
    a.description, p.name AS project_name
FROM accounts AS a
LEFT JOIN projects AS p ON p.project_id = a.project_id
WHERE a.email IS NOT NULL
    AND ($1::uuid IS NULL OR a.account_id > $1)
    AND ($2::text[] IS NULL OR a.standing = ANY($2))
ORDER BY a.account_id
LIMIT $3;

-- name: next_of_project
-- The same within one project, in the order of its index.
SELECT a.account_id, a.created, a.modified, a.project_id, a.username, a.standing, a.code, a.message, a.email,
    a.description, p.name AS project_name
FROM accounts AS a
LEFT JOIN projects AS p ON p.project_id = a.project_id
WHERE a.project_id = $4
    AND ($1::timestamptz IS NULL OR (a.created, a.account_id) > ($1, $2::uuid))
    AND ($3::text[] IS NULL OR a.standing = ANY($3))
ORDER BY a.created, a.account_id
LIMIT $5;
