-- name: one_writer
-- Whoever writes a project waits for others that do, on all copies; until the connection is given back.
SELECT pg_advisory_lock(hashtextextended('write projects ' || current_schema(), 0));

-- name: given_revision
-- The highest revision of a project that was given out here.
SELECT revision FROM given_revisions WHERE project_id = $1;

-- name: give_revision
-- A revision that no record of the project has, given out once.
INSERT INTO given_revisions AS g (project_id, revision) VALUES ($1, $2::int + 1)
ON CONFLICT (project_id) DO UPDATE SET revision = greatest(g.revision, $2::int) + 1
RETURNING revision;

-- name: is_read
-- Whether the reader of projects has passed a record.
SELECT EXISTS (SELECT FROM positions WHERE topic = $1 AND partition = $2 AND next_offset > $3);

-- name: slug_taken
-- Whether another project that is there has this slug.
SELECT EXISTS (
    SELECT FROM projects
    WHERE project ->> 'slug' = $1 AND project_id <> $2 AND project ->> 'status' IS DISTINCT FROM 'deleted'
);
