-- Where the last request of an import lies in each partition, for imports that somebody waits for: {partition: offset}.
ALTER TABLE imports ADD COLUMN places jsonb;

-- Drafts of the projects somebody may see, the newest first.
CREATE INDEX drafts_of_project ON drafts (project_id, created_at DESC, draft_id DESC);
CREATE INDEX drafts_newest ON drafts (created_at DESC, draft_id DESC);

-- The highest revision of each project that was given out here: written before the record is sent, so that none is
-- given out twice, whatever crashes.
CREATE TABLE given_revisions (
    project_id uuid PRIMARY KEY,
    revision integer NOT NULL
);
