-- When a batch was put into the outbox: how long facts take to the log is measured from here.
ALTER TABLE outbox ADD COLUMN added_at timestamptz NOT NULL DEFAULT clock_timestamp();
