-- name: put_projects
-- The latest word on each project; a project is once in the lists.
INSERT INTO projects (project_id, project)
SELECT * FROM unnest($1::uuid[], $2::jsonb[])
ON CONFLICT (project_id) DO UPDATE SET project = excluded.project;

-- name: find_project
-- One project.
SELECT project FROM projects WHERE project_id = $1;
