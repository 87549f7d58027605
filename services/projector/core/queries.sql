-- name: set_exists
-- Whether the schema in use holds a set.
SELECT to_regclass(quote_ident(current_schema()) || '.set_models') IS NOT NULL;

-- name: set_models
-- What the set was made for.
SELECT model, version, tables_sha256 FROM set_models;

-- name: set_tables
-- Every table and view of the schema in use that is ours, as DROP wants it.
SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, oid::regclass::text AS name
FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
ORDER BY relkind DESC;

-- name: add_set_model
-- Remember what the tables of one model were made for.
INSERT INTO set_models (model, version, tables_sha256) VALUES ($1, $2, $3);

-- name: begin_positions
-- Partitions that were given to us and never read: from the beginning.
INSERT INTO positions (topic, partition, next_offset, as_of)
SELECT u.topic, u.partition, 0, $3 FROM unnest($1::text[], $2::int[]) AS u (topic, partition)
ON CONFLICT DO NOTHING;

-- name: passed
-- Whether the stored position of a partition is past an offset.
SELECT next_offset > $3 FROM positions WHERE topic = $1 AND partition = $2;

-- name: hold_position
-- Keep every batch of a partition waiting until the transaction ends.
SELECT FROM positions WHERE topic = $1 AND partition = $2 FOR UPDATE;
