-- How many accounts a chunk has, beside them: who takes turns need not read the accounts of chunks that stay.
ALTER TABLE work ADD COLUMN size integer NOT NULL GENERATED ALWAYS AS (cardinality(account_ids)) STORED;

-- Ids do not get smaller by being packed.
ALTER TABLE work ALTER COLUMN account_ids SET STORAGE EXTERNAL;
