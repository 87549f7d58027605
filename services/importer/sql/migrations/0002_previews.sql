-- The uploaded bytes, kept so that any copy can read them (again). Gone when the draft is submitted or expires.
CREATE TABLE draft_files (
    draft_id uuid NOT NULL REFERENCES drafts (draft_id),
    part integer NOT NULL,             -- 0, 1, 2 …
    bytes bytea NOT NULL,
    PRIMARY KEY (draft_id, part)
);
ALTER TABLE draft_files ALTER COLUMN bytes SET STORAGE EXTERNAL; -- as they came: packing them costs more than it saves

ALTER TABLE drafts
    ADD COLUMN source text NOT NULL DEFAULT 'file' CHECK (source IN ('file', 'paste', 'api', 'topic')),
    ADD COLUMN choices jsonb NOT NULL DEFAULT '{}',   -- what a person chose: {encoding, delimiter, columns: {…}}
    ADD COLUMN reading integer NOT NULL DEFAULT 1,    -- the how-manieth reading: an earlier one stores nothing any more
    ADD COLUMN attempts integer NOT NULL DEFAULT 1,   -- of this reading; a file that kills its readers is not read for ever
    ADD COLUMN has_file boolean NOT NULL DEFAULT false, -- its bytes are in draft_files
    ADD COLUMN bytes_read bigint NOT NULL DEFAULT 0,
    ADD COLUMN edition integer NOT NULL DEFAULT 0,    -- +1 with each change of a staged row
    ADD COLUMN problems jsonb NOT NULL DEFAULT '[]';  -- what is wrong or odd, by cause: see drafts/problems.py
DROP INDEX drafts_waiting;
CREATE INDEX drafts_waiting ON drafts (expires_at) WHERE state = 'previewed' OR has_file;

-- `canonical_email` is null where it is `email` itself; notes and suggestions are null for nearly all rows.
ALTER TABLE draft_rows
    ADD COLUMN detail text,            -- what `code` is about
    ADD COLUMN notes jsonb,            -- [{code, detail}]
    ADD COLUMN suggestions jsonb,      -- [{code, value, like}]
    ADD COLUMN confirmed boolean NOT NULL DEFAULT false; -- somebody said that the address is meant as it is
CREATE INDEX draft_rows_odd ON draft_rows (draft_id, row)
    WHERE code IS NOT NULL OR notes IS NOT NULL OR suggestions IS NOT NULL;

-- The last explicit choice for files of a project: the default where it fits.
CREATE TABLE project_choices (
    project_id uuid PRIMARY KEY,
    choices jsonb NOT NULL,            -- as in drafts
    headings jsonb NOT NULL,           -- of the file it was made for
    chosen_at timestamptz NOT NULL
);
