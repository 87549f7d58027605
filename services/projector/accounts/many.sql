-- name: many_accounts
-- Some accounts by their ids, with the columns of one.
SELECT a.account_id, a.created, a.modified, a.project_id, a.requested_by, a.username, a.standing, a.phase,
    a.code, a.message, a.close_code, a.next_attempt_at, a.email, a.description, p.name AS project_name,
    p.slug AS project_slug, p.start_date AS project_start_date, p.end_date AS project_end_date, p.customer_id, p.customer_name
FROM accounts AS a
LEFT JOIN projects AS p ON p.project_id = a.project_id
WHERE a.account_id = ANY($1::uuid[]) AND a.email IS NOT NULL;
