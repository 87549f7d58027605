-- name: lock_projects
-- Hold what is known of the projects: who folds a newer record waits, and comes after us.
SELECT project FROM projects ORDER BY project_id FOR SHARE;
