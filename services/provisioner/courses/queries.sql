-- name: put_projects
-- Projects as last described; an older revision changes nothing. Another end begins anew; answers whose word was news.
INSERT INTO projects AS p (project_id, revision, name, deleted, end_date, ends, read_at)
SELECT *, $7 FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::date[], $6::timestamptz[])
ON CONFLICT (project_id) DO UPDATE SET
    revision = excluded.revision, name = excluded.name, deleted = excluded.deleted, end_date = excluded.end_date,
    ends = excluded.ends, read_at = excluded.read_at, noted_at = clock_timestamp(),
    begun = p.begun AND (p.deleted, p.ends) IS NOT DISTINCT FROM (excluded.deleted, excluded.ends)
WHERE p.revision < excluded.revision
RETURNING project_id;

-- name: forget_endings
-- What was to be done for an end that is none any more.
DELETE FROM endings USING projects AS p
WHERE endings.project_id = p.project_id AND p.project_id = ANY($1::uuid[]) AND NOT p.begun
RETURNING endings.job_id;

-- name: all_terms
-- The end of every project.
SELECT project_id, deleted, ends, read_at FROM projects;

-- name: recent_terms
-- The ends of the projects that were described within the last so many seconds.
SELECT project_id, deleted, ends, read_at FROM projects
WHERE noted_at > clock_timestamp() - make_interval(secs => $1);

-- name: whole_days
-- Ends that depend on the time zone.
SELECT project_id, end_date, ends FROM projects WHERE end_date IS NOT NULL;

-- name: move_end
-- The zone is another one: so is the moment a day ends.
UPDATE projects SET ends = $2, begun = false, noted_at = clock_timestamp() WHERE project_id = $1;

-- name: note_unread
-- Partitions that nobody has stored a position of: where they are read from.
INSERT INTO positions (topic, partition, next_offset, as_of)
SELECT topic, partition, next_offset, $4 FROM unnest($1::text[], $2::int[], $3::bigint[])
    AS unread (topic, partition, next_offset)
WHERE NOT EXISTS (
    SELECT FROM positions AS p WHERE p.topic = unread.topic AND p.partition = unread.partition
);

-- name: read_to
-- Everything that was published on the topic before this moment is in the tables.
SELECT min(as_of) FROM positions WHERE topic = $1;

-- name: begin
-- One course that is over for certain and of which nothing was begun: begin, at most once for each end.
WITH over AS (
    SELECT project_id
    FROM projects
    WHERE NOT begun AND (deleted OR ends IS NOT NULL)
        AND greatest(read_at, CASE WHEN NOT deleted THEN ends END)
            <= (SELECT min(as_of) FROM positions WHERE topic = $1)
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE projects AS p SET begun = true FROM over WHERE p.project_id = over.project_id
RETURNING p.project_id, p.deleted, p.ends;

-- name: add_endings
-- Every partition of the log is to be looked at.
INSERT INTO endings (project_id, partition, due_at)
SELECT $1, partition, $3 FROM unnest($2::smallint[]) AS of_log (partition)
ON CONFLICT (project_id, partition) DO UPDATE SET job_id = NULL, looks = 0, due_at = excluded.due_at;

-- name: take_endings
-- One course's partitions among some that are to be looked at, unless what was asked for is under way; locked.
WITH due AS (
    SELECT e.project_id, e.partition, e.due_at
    FROM endings AS e
    JOIN projects AS p ON p.project_id = e.project_id AND p.begun
    LEFT JOIN jobs AS j ON j.job_id = e.job_id
    WHERE e.partition = ANY($1::smallint[]) AND e.due_at <= $2
        AND (j.job_id IS NULL OR CASE j.state
            WHEN 'finished' THEN true
            -- somebody did not want it: they have an hour to extend the course
            WHEN 'cancelled' THEN j.finished_at < $2 - interval '1 hour'
            ELSE false
        END)
), first AS (
    SELECT project_id FROM due ORDER BY due_at LIMIT 1
)
SELECT e.project_id, e.partition, e.looks, p.deleted
FROM endings AS e
JOIN due USING (project_id, partition)
JOIN first USING (project_id)
JOIN projects AS p USING (project_id)
WHERE p.begun -- again, on the row as it is once it is locked
ORDER BY e.partition
FOR UPDATE OF e SKIP LOCKED
FOR SHARE OF p SKIP LOCKED;

-- name: open_accounts
-- What is open of a course in some partitions: accounts to be closed, and accounts still being made.
SELECT partition,
    count(*) FILTER (WHERE state <> 1) AS to_close,
    count(*) FILTER (WHERE state = 1) AS being_made
FROM accounts
WHERE project_id = $1 AND partition = ANY($2::smallint[])
    AND (state IN (1, 2) OR (state = 3 AND effect_unknown))
GROUP BY partition;

-- name: bring_forward
-- Work of a course that was to be looked at later is due now: it is to fail.
UPDATE work SET due_at = $3
WHERE project_id = $1 AND partition = ANY($2::smallint[]) AND due_at > $3 AND owner IS NULL;

-- name: put_off
-- Look again later, and not before a job is done.
UPDATE endings SET job_id = $3, due_at = $4, looks = looks + 1
WHERE project_id = $1 AND partition = ANY($2::smallint[]);

-- name: end_endings
-- Nothing is open there any more.
DELETE FROM endings WHERE project_id = $1 AND partition = ANY($2::smallint[]);
