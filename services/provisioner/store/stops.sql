-- name: add
-- Imports to stop; answers those that are news.
INSERT INTO stops (import_id, author, reason)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
ON CONFLICT DO NOTHING
RETURNING import_id;

-- name: all
-- Every stopped import.
SELECT import_id FROM stops;

-- name: recent
-- Imports stopped within the last so many seconds.
SELECT import_id FROM stops WHERE noted_at > clock_timestamp() - make_interval(secs => $1);

-- name: bring_forward
-- Work of stopped imports that was to be looked at later is due now.
UPDATE work SET due_at = $2 WHERE import_id = ANY($1::uuid[]) AND due_at > $2;
