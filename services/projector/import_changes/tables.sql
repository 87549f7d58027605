-- Which rows changed lately: a ring of entries that are written over, so that it never grows and nothing is deleted.
-- One entry a batch, import and partition. What it no longer holds a client reads again.
CREATE SEQUENCE import_changes_slots AS integer MINVALUE 0 MAXVALUE 4095 CYCLE;

CREATE TABLE import_changes (
    slot integer PRIMARY KEY DEFAULT nextval('import_changes_slots'),
    import_id uuid NOT NULL,
    partition integer NOT NULL,
    before integer NOT NULL,           -- import_progress.version in this partition before the batch,
    version integer NOT NULL,          -- and after it
    first_row integer NOT NULL,        -- all changed rows lie from here
    last_row integer NOT NULL,         -- to here
    changed integer[]                  -- which they are; null: too many to name
) WITH (fillfactor = 50);

ALTER SEQUENCE import_changes_slots OWNED BY import_changes.slot;
