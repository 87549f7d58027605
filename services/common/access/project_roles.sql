-- name: drop_roles
-- Take away the roles in these projects that are not among those given.
DELETE FROM access.project_roles AS known
WHERE known.project_id = ANY ($1::uuid[])
  AND NOT EXISTS (
      SELECT FROM unnest($2::uuid[], $3::text[]) AS given (project_id, user_id)
      WHERE given.project_id = known.project_id AND given.user_id = known.user_id
  );

-- name: put_roles
-- Give these roles; a person is once in each project.
INSERT INTO access.project_roles (project_id, user_id, role)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role
WHERE project_roles.role <> excluded.role;
