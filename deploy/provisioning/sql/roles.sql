-- name: lock
-- One provisioner at a time in this cluster: roles are shared by all its databases.
SELECT pg_advisory_lock(hashtextextended('course-accounts provisioning', 0));

-- name: unlock
-- Let the next provisioner in.
SELECT pg_advisory_unlock(hashtextextended('course-accounts provisioning', 0));

-- name: database_exists
-- Is there a database of this name?
SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1);

-- name: role_exists
-- Is there a role of this name?
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1);

-- name: render_create_database
-- The statement that makes a database; UTF-8, sorted by code point on every site alike (PostgreSQL 17 or newer).
SELECT format(
    'CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C'' '
    'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8''',
    $1::text
);

-- name: render_role
-- The statement that makes or resets a role: it may log in, and nothing else ($3 is a SCRAM verifier).
SELECT format(
    '%s ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
    CASE WHEN $1::boolean THEN 'ALTER' ELSE 'CREATE' END, $2::text, $3::text
);

-- name: render_database_grants
-- The statements that let only our roles into the database ($2 is the list of roles).
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text)
UNION ALL
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', $1::text, role) FROM unnest($2::text[]) role
UNION ALL
SELECT format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', role, $1::text, role)
FROM unnest($2::text[]) role;

-- name: render_schemas
-- The statements that give each role its own schema and keep everyone out of the others.
SELECT 'REVOKE ALL ON SCHEMA public FROM PUBLIC'
UNION ALL
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', role, role) FROM unnest($1::text[]) role
UNION ALL
SELECT format('ALTER SCHEMA %I OWNER TO %I', role, role) FROM unnest($1::text[]) role
UNION ALL
SELECT 'CREATE SCHEMA IF NOT EXISTS access';

-- name: render_more_schemas
-- The statements that give one role more schemas of its own.
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', name, $1::text) FROM unnest($2::text[]) name
UNION ALL
SELECT format('ALTER SCHEMA %I OWNER TO %I', name, $1::text) FROM unnest($2::text[]) name;

-- name: render_access_grants
-- The statements that let our roles read who may do what, and change of it what is theirs to change.
SELECT format('GRANT USAGE ON SCHEMA access TO %I', role) FROM unnest($1::text[]) role
UNION ALL
SELECT format('GRANT SELECT ON access.%I TO %I', tablename, role)
FROM unnest($1::text[]) role, pg_tables
WHERE schemaname = 'access' AND tablename NOT IN ('migrations', 'sign_ins', 'audit')
UNION ALL
SELECT format('GRANT UPDATE (last_used_at) ON access.tokens, access.sessions TO %I', role)
FROM unnest($1::text[]) role
UNION ALL
SELECT format('GRANT INSERT, UPDATE, DELETE ON access.idempotency TO %I', role) FROM unnest($1::text[]) role
UNION ALL
SELECT format('GRANT INSERT ON access.audit TO %I', role) FROM unnest($1::text[]) role;

-- name: render_owner_grants
-- The statements that let the one service that gives out tokens and sessions, and folds the projects, do so.
SELECT format(statement, $1::text)
FROM unnest(ARRAY[
    'GRANT INSERT ON access.tokens TO %I',
    'GRANT UPDATE (revoked_at) ON access.tokens TO %I',
    'GRANT INSERT, DELETE ON access.sessions TO %I',
    'GRANT UPDATE (revoked_at) ON access.sessions TO %I',
    'GRANT SELECT, INSERT, DELETE ON access.sign_ins TO %I',
    'GRANT UPDATE (used_at) ON access.sign_ins TO %I',
    'GRANT INSERT, UPDATE, DELETE ON access.project_roles TO %I',
    'GRANT SELECT ON access.audit TO %I'
]) AS statement;
