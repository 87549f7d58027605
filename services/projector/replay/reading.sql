-- name: imports_of_project
-- The imports that the set in use knows to be of a project. The schema is put in.
SELECT import_id FROM {slot}.imports WHERE project_id = $1;
