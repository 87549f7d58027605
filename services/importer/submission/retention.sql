-- name: note_deleted
-- Remember when a project was first seen to be deleted; forget it when it is there again.
WITH back AS (
    DELETE FROM deleted_projects AS d
    USING projects AS p
    WHERE p.project_id = d.project_id AND p.project ->> 'status' <> 'deleted'
)
INSERT INTO deleted_projects (project_id, seen_at)
SELECT project_id, $1 FROM projects WHERE project ->> 'status' = 'deleted'
ON CONFLICT DO NOTHING;

-- name: next_to_purge
-- An import of a project deleted long ago, when nothing is left to be done for it.
SELECT i.import_id
FROM imports AS i
JOIN deleted_projects AS d ON d.project_id = (i.project ->> 'project_id')::uuid
WHERE d.seen_at < $1 AND i.purged_at IS NULL AND i.published_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM undos AS u WHERE u.import_id = i.import_id AND u.released_at IS NULL)
    AND NOT EXISTS (SELECT FROM corrections AS k WHERE k.import_id = i.import_id AND k.released_at IS NULL)
LIMIT 1;

-- name: purge_rows
-- Some rows go; how many.
WITH gone AS (
    DELETE FROM draft_rows
    WHERE draft_id = $1 AND row IN (SELECT row FROM draft_rows WHERE draft_id = $1 ORDER BY row LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone;

-- name: purge_import
-- What else names people goes; the record that there was an import stays.
WITH corrected AS (
    DELETE FROM corrections WHERE import_id = $1
), drafted AS (
    UPDATE drafts SET file_name = NULL, problems = '[]' WHERE draft_id = $1
)
UPDATE imports SET file_name = NULL, purged_at = $2 WHERE import_id = $1;
