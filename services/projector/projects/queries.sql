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
-- Projects that are there, or some of them, by name, and how their accounts stand; of one kind, or with a name that
-- has some text in it.
SELECT p.*, c.*
FROM (
    SELECT project_id, name, slug, kind, start_date, end_date, ends_at, customer_id, customer_name
    FROM projects
    WHERE status = 'active' AND ($1::text IS NULL OR (name, project_id) > ($1, $2::uuid))
        AND ($4::uuid[] IS NULL OR project_id = ANY($4))
        AND ($5::text IS NULL OR kind = $5)
        AND ($6::text IS NULL OR strpos(lower(name), lower($6)) > 0)
    ORDER BY name, project_id
    LIMIT $3
) AS p
CROSS JOIN LATERAL (
    SELECT coalesce(sum(pending), 0)::int AS pending, coalesce(sum(waiting), 0)::int AS waiting,
        coalesce(sum(ok), 0)::int AS ok, coalesce(sum(erred), 0)::int AS erred,
        coalesce(sum(closed), 0)::int AS closed
    FROM account_counts
    WHERE project_id = p.project_id
) AS c
ORDER BY p.name, p.project_id;

-- name: one_project
-- One project, and how its accounts stand.
SELECT p.project_id, p.name, p.slug, p.kind, p.start_date, p.end_date, p.ends_at, p.customer_id, p.customer_name, c.*
FROM projects AS p
CROSS JOIN LATERAL (
    SELECT coalesce(sum(pending), 0)::int AS pending, coalesce(sum(waiting), 0)::int AS waiting,
        coalesce(sum(ok), 0)::int AS ok, coalesce(sum(erred), 0)::int AS erred,
        coalesce(sum(closed), 0)::int AS closed
    FROM account_counts
    WHERE project_id = p.project_id
) AS c
WHERE p.project_id = $1 AND p.status = 'active';
