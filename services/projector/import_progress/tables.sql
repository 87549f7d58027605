-- What the facts of an import as a whole say; `submitted` is null until ImportAccepted was folded.
CREATE TABLE imports (
    import_id uuid PRIMARY KEY,
    submitted timestamptz,
    project_id uuid,
    rows integer,
    requested integer,
    author text,
    source text,
    file_name text,
    file_sha256 text,
    file_bytes bigint,
    cancelled timestamptz,
    cancelled_by text,
    cancel_reason text,
    last_row integer,                  -- of a cancelled import: later rows were never asked for
    undo_started timestamptz,
    undone_by text,
    undo_reason text,
    skipped_groups integer[] NOT NULL  -- first rows of the RowsSkipped facts folded, so that none counts twice
);

CREATE INDEX imports_newest ON imports (submitted DESC, import_id DESC) WHERE submitted IS NOT NULL;

-- Counts of an import in one partition: only the reader of that partition writes them, so readers never meet.
-- `pending` is what remains of `rows`, so that the equation is exact whatever was folded so far.
CREATE TABLE import_progress (
    import_id uuid NOT NULL,
    partition integer NOT NULL,
    created integer NOT NULL,
    failed integer NOT NULL,
    waiting integer NOT NULL,
    cancelled integer NOT NULL,
    closed integer NOT NULL,
    existing integer NOT NULL,
    duplicate integer NOT NULL,
    invalid integer NOT NULL,
    version integer NOT NULL,          -- distinct events folded for this import
    corrections integer NOT NULL,      -- requests of a revision above 0
    to_close integer NOT NULL,         -- claims by accounts.view.Ending: what an undo still has to answer for,
    kept integer NOT NULL,             -- what one left alone,
    unclosed integer NOT NULL,         -- and what could not be closed
    answered timestamptz,              -- when one of these last had its answer
    settled timestamptz,               -- when a row last became final
    rate double precision NOT NULL,    -- rows becoming final, 1/s, decaying since rate_at
    rate_at timestamptz,
    waiting_since timestamptz,
    waiting_code text,
    next_attempt_at timestamptz,       -- of the row that is tried next, as far as the last retry knew
    PRIMARY KEY (import_id, partition)
) WITH (fillfactor = 50);

-- Everything the status of an import is made of, in one row.
CREATE VIEW import_totals AS
SELECT i.*, p.*, corrected.superseded, unsent.unsent
FROM imports AS i
CROSS JOIN LATERAL (
    SELECT coalesce(sum(q.created), 0)::int AS n_created, coalesce(sum(q.failed), 0)::int AS n_failed,
        coalesce(sum(q.waiting), 0)::int AS n_waiting, coalesce(sum(q.cancelled), 0)::int AS n_cancelled,
        coalesce(sum(q.closed), 0)::int AS n_closed, coalesce(sum(q.existing), 0)::int AS n_existing,
        coalesce(sum(q.duplicate), 0)::int AS n_duplicate, coalesce(sum(q.invalid), 0)::int AS n_invalid,
        coalesce(sum(q.version), 0)::int AS version, coalesce(sum(q.corrections), 0)::int AS corrections,
        coalesce(sum(q.to_close), 0)::int AS to_close, coalesce(sum(q.kept), 0)::int AS kept,
        coalesce(sum(q.unclosed), 0)::int AS unclosed, max(q.answered) AS answered, max(q.settled) AS settled,
        array_agg(q.rate) FILTER (WHERE q.rate_at IS NOT NULL) AS rates,
        array_agg(q.rate_at) FILTER (WHERE q.rate_at IS NOT NULL) AS rates_at,
        min(q.waiting_since) AS waiting_since,
        array_agg(q.next_attempt_at) FILTER (WHERE q.next_attempt_at IS NOT NULL) AS next_attempts,
        (array_agg(q.waiting_code ORDER BY q.waiting_since) FILTER (WHERE q.waiting > 0))[1] AS waiting_code
    FROM import_progress AS q
    WHERE q.import_id = i.import_id
) AS p
-- Rare: rows that follow a later revision must not count a second time. The condition stands inside, where it
-- is looked at before anything is read.
CROSS JOIN LATERAL (
    SELECT json_object_agg(s.class, s.n)::text AS superseded
    FROM (
        SELECT c.class, count(*) AS n
        FROM import_rows AS r
        LEFT JOIN accounts AS a ON a.account_id = r.account_id
        JOIN row_classes AS c ON c.claim = r.claim
            AND c.standing = coalesce(r.pinned, a.standing, 'pending')
        WHERE p.corrections > 0 AND r.import_id = i.import_id
            AND EXISTS (
                SELECT FROM import_rows AS newer
                WHERE newer.import_id = r.import_id AND newer.row = r.row AND newer.revision > r.revision
            )
        GROUP BY c.class
    ) AS s
) AS corrected
-- Rare: rows that a cancelled import never asked for.
CROSS JOIN LATERAL (
    SELECT greatest(0, i.rows - i.last_row - count(*))::int AS unsent
    FROM import_rows AS r
    WHERE i.last_row IS NOT NULL AND r.import_id = i.import_id AND r.row > i.last_row AND r.revision = 0
) AS unsent;
