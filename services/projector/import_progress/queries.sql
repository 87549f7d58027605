-- name: load_progress
-- Counts of some imports in some partitions.
SELECT p.import_id, p.partition, p.created, p.failed, p.waiting, p.cancelled, p.closed, p.existing,
    p.duplicate, p.invalid, p.version, p.corrections, p.to_close, p.kept, p.unclosed, p.answered, p.settled,
    p.rate, p.rate_at, p.waiting_since, p.waiting_code, p.next_attempt_at
FROM import_progress AS p
JOIN unnest($1::uuid[], $2::int[]) AS asked (import_id, partition) USING (import_id, partition);

-- name: write_progress
-- Counts as they are now.
INSERT INTO import_progress (import_id, partition, created, failed, waiting, cancelled, closed, existing,
    duplicate, invalid, version, corrections, to_close, kept, unclosed, answered, settled, rate, rate_at,
    waiting_since, waiting_code, next_attempt_at)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[],
    $9::int[], $10::int[], $11::int[], $12::int[], $13::int[], $14::int[], $15::int[], $16::timestamptz[],
    $17::timestamptz[], $18::float8[], $19::timestamptz[], $20::timestamptz[], $21::text[], $22::timestamptz[])
ON CONFLICT (import_id, partition) DO UPDATE SET
    created = excluded.created, failed = excluded.failed, waiting = excluded.waiting,
    cancelled = excluded.cancelled, closed = excluded.closed, existing = excluded.existing,
    duplicate = excluded.duplicate, invalid = excluded.invalid, version = excluded.version,
    corrections = excluded.corrections, to_close = excluded.to_close, kept = excluded.kept,
    unclosed = excluded.unclosed, answered = excluded.answered, settled = excluded.settled, rate = excluded.rate, rate_at = excluded.rate_at, waiting_since = excluded.waiting_since,
    waiting_code = excluded.waiting_code, next_attempt_at = excluded.next_attempt_at;

-- name: load_imports
-- What is known of some imports as a whole.
SELECT import_id, submitted, cancelled, cancelled_by, cancel_reason, last_row, undo_started, undone_by,
    undo_reason, skipped_groups
FROM imports
WHERE import_id = ANY($1::uuid[]);

-- name: write_imports
-- Facts of imports as a whole; what ImportAccepted said is written once.
INSERT INTO imports AS i (import_id, submitted, cancelled, cancelled_by, cancel_reason, last_row, undo_started,
    undone_by, undo_reason, skipped_groups, project_id, rows, requested, author, source, file_name, file_sha256,
    file_bytes)
SELECT u.import_id, u.submitted, u.cancelled, u.cancelled_by, u.cancel_reason, u.last_row, u.undo_started,
    u.undone_by, u.undo_reason, string_to_array(u.skipped_groups, ',')::int[], u.project_id, u.rows, u.requested,
    u.author, u.source, u.file_name, u.file_sha256, u.file_bytes
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::int[],
    $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::int[], $13::int[], $14::text[],
    $15::text[], $16::text[], $17::text[], $18::bigint[])
    AS u (import_id, submitted, cancelled, cancelled_by, cancel_reason, last_row, undo_started, undone_by,
        undo_reason, skipped_groups, project_id, rows, requested, author, source, file_name, file_sha256,
        file_bytes)
ON CONFLICT (import_id) DO UPDATE SET
    submitted = excluded.submitted, cancelled = excluded.cancelled, cancelled_by = excluded.cancelled_by,
    cancel_reason = excluded.cancel_reason, last_row = excluded.last_row, undo_started = excluded.undo_started,
    undone_by = excluded.undone_by, undo_reason = excluded.undo_reason,
    skipped_groups = excluded.skipped_groups, project_id = coalesce(excluded.project_id, i.project_id),
    rows = coalesce(excluded.rows, i.rows), requested = coalesce(excluded.requested, i.requested),
    author = coalesce(excluded.author, i.author), source = coalesce(excluded.source, i.source),
    file_name = coalesce(excluded.file_name, i.file_name),
    file_sha256 = coalesce(excluded.file_sha256, i.file_sha256),
    file_bytes = coalesce(excluded.file_bytes, i.file_bytes);

-- name: some_imports
-- The totals of some imports with the state of the account service, in one snapshot.
SELECT t.*, pause.*, (SELECT min(p.as_of) FROM positions AS p WHERE p.topic = $2) AS as_of
FROM import_totals AS t
CROSS JOIN target_pause AS pause
WHERE t.import_id = ANY($1::uuid[]) AND t.submitted IS NOT NULL;

-- name: tags
-- What of some imports moves with any news: their versions, and the changes of the account service.
SELECT p.import_id, sum(p.version)::int AS version, (SELECT target_changes FROM target_pause) AS target_changes
FROM import_progress AS p
WHERE p.import_id = ANY($1::uuid[])
GROUP BY p.import_id;

-- name: newest_imports
-- A page of imports, newest first, from a place on.
SELECT t.*, pause.*, (SELECT min(p.as_of) FROM positions AS p WHERE p.topic = $4) AS as_of
FROM import_totals AS t
CROSS JOIN target_pause AS pause
WHERE t.submitted IS NOT NULL
    AND ($1::timestamptz IS NULL OR (t.submitted, t.import_id) < ($1, $2::uuid))
    AND ($3::uuid IS NULL OR t.project_id = $3)
    AND ($6::text[] IS NULL OR t.source = ANY($6))
    AND ($7::text IS NULL OR t.author = $7)
    AND ($8::timestamptz IS NULL OR t.submitted >= $8)
    AND ($9::timestamptz IS NULL OR t.submitted < $9)
    AND ($10::uuid[] IS NULL OR t.project_id = ANY($10))
ORDER BY t.submitted DESC, t.import_id DESC
LIMIT $5;
