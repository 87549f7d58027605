-- One row an account service: its last pause or resumption.
CREATE TABLE targets (
    target text PRIMARY KEY,
    change integer NOT NULL,           -- counts pauses and resumptions
    paused boolean NOT NULL,
    since timestamptz NOT NULL,
    reason text,
    next_probe_at timestamptz
);

-- The pause in force, always one row; `target_changes` moves whenever anything here does.
CREATE VIEW target_pause AS
SELECT coalesce(bool_or(paused), false) AS paused, min(since) FILTER (WHERE paused) AS paused_since,
    (array_agg(reason ORDER BY since) FILTER (WHERE paused))[1] AS pause_reason,
    min(next_probe_at) FILTER (WHERE paused) AS next_probe_at,
    coalesce(sum(change), 0)::int AS target_changes
FROM targets;
