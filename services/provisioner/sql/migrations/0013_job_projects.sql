-- Which projects a job is about: it is shown to those who see all of them.
-- The id of zeros stands for accounts that nobody knew when they were named; with none at all only staff see the job.
ALTER TABLE jobs ADD COLUMN projects uuid[] NOT NULL DEFAULT '{}';

-- Of older jobs about accounts by name nobody has kept it.
UPDATE jobs
SET projects = CASE
    WHEN project_id IS NOT NULL THEN ARRAY[project_id]
    ELSE ARRAY(SELECT i.project_id FROM imports AS i WHERE i.import_id = jobs.import_id)
END;
