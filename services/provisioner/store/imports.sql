-- name: add
-- Imports with their projects, for ever the same ones.
INSERT INTO imports (import_id, project_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT DO NOTHING;

-- name: project_of
-- The project of an import.
SELECT project_id FROM imports WHERE import_id = $1;
