-- name: add_draft
-- A draft that is about to be read; remembers whether the same bytes were imported into the project before.
INSERT INTO drafts (
    draft_id, state, project_id, created_at, created_by, expires_at, lease_until,
    file_name, file_bytes, file_sha256, source, choices, has_file, seen_before
)
VALUES ($1, 'reading', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true, (
    SELECT jsonb_build_object(
        'uuid', replace(i.import_id::text, '-', ''),
        'submitted', to_char(i.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'created_by', i.author
    )
    FROM imports AS i
    WHERE i.file_sha256 = $9 AND i.project ->> 'project_id' = $2::uuid::text
    ORDER BY i.submitted_at DESC
    LIMIT 1
));

-- name: find_draft
-- One draft.
SELECT * FROM drafts WHERE draft_id = $1;

-- name: lock_draft
-- One draft, for a change of its state.
SELECT * FROM drafts WHERE draft_id = $1 FOR UPDATE;

-- name: file_part
-- One piece of a file.
SELECT bytes FROM draft_files WHERE draft_id = $1 AND part = $2;

-- name: remembered
-- The last explicit choice for files of a project.
SELECT choices, headings FROM project_choices WHERE project_id = $1;

-- name: remember
-- The last explicit choice for files of a project.
INSERT INTO project_choices (project_id, choices, headings, chosen_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (project_id) DO UPDATE
SET choices = excluded.choices, headings = excluded.headings, chosen_at = excluded.chosen_at;

-- name: opened
-- How the file is read is known; its rows follow.
UPDATE drafts
SET layout = $3
WHERE draft_id = $1 AND state = 'reading' AND reading = $2
RETURNING 1;

-- name: progress
-- The reader lives and has staged this many rows; nothing if somebody else reads by now.
UPDATE drafts
SET rows = $3, bytes_read = $4, lease_until = $5
WHERE draft_id = $1 AND state = 'reading' AND reading = $2
RETURNING 1;

-- name: renew
-- The reader lives.
UPDATE drafts
SET lease_until = $3
WHERE draft_id = $1 AND state = 'reading' AND reading = $2;

-- name: let_go
-- The reader stops in an orderly way: anybody may take over at once, and it was no failed attempt.
UPDATE drafts
SET lease_until = $3, attempts = attempts - 1
WHERE draft_id = $1 AND state = 'reading' AND reading = $2;

-- name: preview
-- All rows are staged.
UPDATE drafts
SET state = 'previewed', lease_until = NULL, notes = $3, rows = $4, blank = $5, verdicts = $6, preview_hash = $7,
    problems = $8, bytes_read = file_bytes
WHERE draft_id = $1 AND state = 'reading' AND reading = $2
RETURNING project_id, choices, layout;

-- name: reject
-- The file cannot be read; nothing of it stays but the record, and its bytes where another choice may help.
WITH rejected AS (
    UPDATE drafts
    SET state = 'rejected', lease_until = NULL, fault = $3, layout = $4, rows = 0, bytes_read = 0, has_file = $5
    WHERE draft_id = $1 AND state = 'reading' AND reading = $2
    RETURNING draft_id
), rows_gone AS (
    DELETE FROM draft_rows WHERE draft_id IN (SELECT draft_id FROM rejected)
), file_gone AS (
    DELETE FROM draft_files WHERE NOT $5 AND draft_id IN (SELECT draft_id FROM rejected)
)
SELECT count(*) FROM rejected;

-- name: read_again
-- Another reading from the start; whoever reads now stores nothing any more.
WITH gone AS (
    DELETE FROM draft_rows WHERE draft_id = $1
)
UPDATE drafts
SET state = 'reading', reading = reading + 1, attempts = $2, lease_until = $3, choices = $4, layout = NULL,
    notes = '[]', fault = NULL, rows = 0, blank = 0, bytes_read = 0, verdicts = NULL, preview_hash = NULL,
    problems = '[]'
WHERE draft_id = $1
RETURNING *;

-- name: lock_abandoned
-- A draft whose reader died.
SELECT * FROM drafts
WHERE state = 'reading' AND lease_until < $1
ORDER BY lease_until
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: page
-- Staged rows after a row: all, or of one verdict, with one code, with a text in them.
SELECT row, line, email, description, verdict, code, detail, duplicate_of, account_id, notes, suggestions, confirmed
FROM draft_rows
WHERE draft_id = $1 AND row > $2 AND ($3::text IS NULL OR verdict = $3)
    AND ($4::text IS NULL OR ((code IS NOT NULL OR notes IS NOT NULL OR suggestions IS NOT NULL) AND (
        code = $4
        OR notes @> jsonb_build_array(jsonb_build_object('code', $4::text))
        OR suggestions @> jsonb_build_array(jsonb_build_object('code', $4::text))
    )))
    AND ($5::text IS NULL OR email ILIKE $5 OR description ILIKE $5)
ORDER BY row
LIMIT $6;

-- name: problems
-- What is wrong or odd in a draft, by cause; of the suggestions for each, the ten that help most rows.
WITH odd AS (
    SELECT row, line, email, code, notes, suggestions
    FROM draft_rows
    WHERE draft_id = $1 AND (code IS NOT NULL OR notes IS NOT NULL OR suggestions IS NOT NULL)
), causes AS (
    SELECT code AS cause, 'row' AS kind, count(*) AS count, min(row) AS first_row
    FROM odd
    WHERE code IS NOT NULL
    GROUP BY code
    UNION ALL
    SELECT note ->> 'code', 'note', count(DISTINCT row), min(row)
    FROM odd, jsonb_array_elements(notes) AS note
    GROUP BY 1
), offered AS (
    SELECT coalesce(
            o.code,
            CASE s ->> 'code' WHEN 'USE_DOMAIN' THEN 'DOMAIN_TYPO' WHEN 'SWAP_COLUMNS' THEN 'COLUMNS_SWAPPED' END,
            o.notes -> 0 ->> 'code'
        ) AS cause,
        s ->> 'code' AS code, s ->> 'like' AS alike, count(*) AS count, min(o.row) AS first_row
    FROM odd AS o, jsonb_array_elements(o.suggestions) AS s
    GROUP BY 1, 2, 3
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY cause ORDER BY count DESC, first_row) AS place
    FROM offered
), suggested AS (
    SELECT r.cause, jsonb_agg(jsonb_build_object(
            'code', r.code, 'like', r.alike, 'count', r.count,
            'example', jsonb_build_object('row', o.row, 'email', o.email, 'value', (
                SELECT s ->> 'value'
                FROM jsonb_array_elements(o.suggestions) AS s
                WHERE s ->> 'code' = r.code AND s ->> 'like' = r.alike
                LIMIT 1
            ))
        ) ORDER BY r.place) AS list
    FROM ranked AS r
    JOIN odd AS o ON o.row = r.first_row
    WHERE r.place <= 10
    GROUP BY r.cause
)
SELECT coalesce(jsonb_agg(jsonb_build_object(
        'code', c.cause, 'kind', c.kind, 'count', c.count, 'first_row', c.first_row, 'first_line', o.line,
        'suggestions', coalesce(s.list, '[]')
    ) ORDER BY c.kind DESC, c.count DESC, c.cause), '[]')
FROM causes AS c
JOIN odd AS o ON o.row = c.first_row
LEFT JOIN suggested AS s USING (cause);

-- name: expire
-- Some drafts that nobody submitted in time: their rows, bytes and file name go. What was rejected stays so.
WITH late AS (
    SELECT draft_id FROM drafts
    WHERE (state = 'previewed' OR has_file) AND state IN ('previewed', 'rejected') AND expires_at < $1
    ORDER BY expires_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
), expired AS (
    UPDATE drafts
    SET state = CASE state WHEN 'previewed' THEN 'expired' ELSE state END, file_name = NULL, has_file = false,
        problems = '[]', layout = layout - 'sample' - 'encodings'
    WHERE draft_id IN (SELECT draft_id FROM late)
    RETURNING draft_id
), rows_gone AS (
    DELETE FROM draft_rows WHERE draft_id IN (SELECT draft_id FROM expired)
), file_gone AS (
    DELETE FROM draft_files WHERE draft_id IN (SELECT draft_id FROM expired)
)
SELECT count(*) FROM expired;
