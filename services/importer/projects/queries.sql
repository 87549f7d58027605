-- name: put_projects
-- The latest word on each project; a project is once in the lists.
INSERT INTO projects (project_id, project)
SELECT * FROM unnest($1::uuid[], $2::jsonb[])
ON CONFLICT (project_id) DO UPDATE SET project = excluded.project;

-- name: find_project
-- One project.
SELECT project FROM projects WHERE project_id = $1;

-- name: park
-- Records nobody can read, kept with the reason.
INSERT INTO parked (topic, partition, "offset", key, headers, value, code, reason, parked_at)
SELECT * FROM unnest(
    $1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::jsonb[], $6::bytea[], $7::text[], $8::text[],
    $9::timestamptz[]
)
ON CONFLICT DO NOTHING;
