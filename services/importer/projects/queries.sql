-- name: put_projects
-- The latest word on each project; a project is once in the lists.
INSERT INTO projects (project_id, project)
SELECT * FROM unnest($1::uuid[], $2::jsonb[])
ON CONFLICT (project_id) DO UPDATE SET project = excluded.project;

-- name: find_project
-- One project.
SELECT project FROM projects WHERE project_id = $1;

-- name: put_late_project
-- A project as a record says that is read long after others: only if it is newer than they are.
INSERT INTO projects (project_id, project) VALUES ($1, $2::jsonb)
ON CONFLICT (project_id) DO UPDATE SET project = excluded.project
WHERE coalesce((projects.project ->> 'revision')::bigint, 1) < $3::bigint;
