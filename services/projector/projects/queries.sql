-- name: write_projects
-- Projects as last described; an older revision changes nothing.
INSERT INTO projects AS p
    (project_id, revision, name, slug, kind, status, start_date, end_date, ends_at, customer_id, customer_name)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[],
    $8::date[], $9::timestamptz[], $10::uuid[], $11::text[])
ON CONFLICT (project_id) DO UPDATE SET
    revision = excluded.revision, name = excluded.name, slug = excluded.slug, kind = excluded.kind,
    status = excluded.status, start_date = excluded.start_date, end_date = excluded.end_date,
    ends_at = excluded.ends_at, customer_id = excluded.customer_id, customer_name = excluded.customer_name
WHERE p.revision < excluded.revision;

-- name: list_projects
-- Projects that are there, by name.
SELECT project_id, name, slug, kind, start_date, end_date, ends_at
FROM projects
WHERE status = 'active' AND ($1::text IS NULL OR (name, project_id) > ($1, $2::uuid))
ORDER BY name, project_id
LIMIT $3;

-- name: one_project
-- One project.
SELECT project_id, name, slug, kind, start_date, end_date, ends_at
FROM projects
WHERE project_id = $1 AND status = 'active';
