-- name: settle
-- Mean the tables of one schema, in texts that depend on nothing but the values, with time and memory for whole
-- tables; until the transaction ends.
SELECT set_config(name, value, true)
FROM (VALUES ('search_path', quote_ident($1)), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'iso_8601'),
    ('timezone', 'UTC'), ('extra_float_digits', '1'), ('bytea_output', 'hex'), ('statement_timeout', '300s'),
    ('idle_in_transaction_session_timeout', '900s'), ('work_mem', '64MB'), ('jit', 'off')) AS s (name, value);

-- name: isolation
-- How the transaction in hand reads: what it sees must not change while it is compared.
SELECT current_setting('transaction_isolation');

-- name: positions
-- How far the set was read.
SELECT topic, partition, next_offset FROM positions;

-- name: versions
-- What the set was made for.
SELECT model, version, tables_sha256 FROM set_models;

-- name: columns
-- Every column of every table of a schema: its type, its place in the primary key, the size of the table in blocks.
SELECT c.relname AS table_name, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    array_position(i.indkey::int2[], a.attnum) AS key_place,
    (pg_relation_size(c.oid) / current_setting('block_size')::bigint)::bigint AS blocks
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind = 'r'
ORDER BY c.relname, a.attnum;

-- name: count
-- How many rows a table has that only one set has.
SELECT count(*) FROM {table} AS t WHERE {rows};

-- name: checksums
-- Rows and the sum of their hashes by bucket of their key, in a range of blocks; the order does not matter.
SELECT {bucket} AS bucket, count(*) AS rows, sum({row_hash}) AS hashes
FROM {table} AS t
WHERE t.ctid >= $1::tid AND t.ctid < $2::tid AND {rows}
GROUP BY 1;

-- name: hashes
-- The key and the hash of every row in some buckets ($1 has a bit for each), in the order of keys.
SELECT {shown_key}, {told} AS hash
FROM {table} AS t
WHERE get_bit($1::bytea, {bucket}) = 1 AND {rows}
{grouped}
ORDER BY {order};

-- name: cells
-- The beginning of every cell of some rows as text, and the hash of all of it.
SELECT asked.place, {cells}
FROM {table} AS t
JOIN unnest({asked}) WITH ORDINALITY AS asked ({names}, place) ON {match};

-- name: broken
-- What breaks a rule: how many rows, and the first few. All are found before the first is told, so that no plan bets
-- on an early end.
WITH broken AS MATERIALIZED ({query})
SELECT *, count(*) OVER () AS broken_rows FROM broken LIMIT {most};
