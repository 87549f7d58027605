-- The account service as all copies know it. A fold of the log only as far as it was told; the rest is found out again.
CREATE TABLE targets (
    target text PRIMARY KEY,
    -- 0 up → 1 held back by its own wish → 0; 0, 1 → 2 down → 0 after a probe
    standing smallint NOT NULL DEFAULT 0 CHECK (standing BETWEEN 0 AND 2),
    code text,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_at timestamptz,
    pause double precision NOT NULL DEFAULT 0,
    -- the one call that is made while it is down: by which process, and until when nobody else makes it
    probe_owner uuid,
    probe_until timestamptz,
    -- an operator's pause
    stopped_by text,
    stopped_reason text,
    stopped_at timestamptz,
    -- calls a second; as set while running, else as in the settings
    rate_set boolean NOT NULL DEFAULT false,
    rate double precision,
    next_slot timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- what the log says: number of the last change, and its words if it was a pause
    change integer NOT NULL DEFAULT 0,
    told_code text,
    told_next_at timestamptz
) WITH (fillfactor = 50);

-- What each copy has under way, and what its calls came to in the last minute; for people who look.
CREATE TABLE target_copies (
    target text NOT NULL,
    copy uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    under_way integer NOT NULL,
    answered integer NOT NULL,
    unclear integer NOT NULL,
    not_taken integer NOT NULL,
    PRIMARY KEY (target, copy)
) WITH (fillfactor = 50);
