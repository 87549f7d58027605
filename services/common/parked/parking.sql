-- name: park
-- Keep records that nobody can read. The table:
--   topic text, partition integer, record_offset bigint (together the key), key bytea, headers json,
--   value bytea, code text, reason text, written_at timestamptz, parked_at timestamptz
INSERT INTO parked (topic, partition, record_offset, key, headers, value, code, reason, written_at, parked_at)
SELECT * FROM unnest(
    $1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::json[], $6::bytea[], $7::text[], $8::text[],
    $9::timestamptz[], $10::timestamptz[]
)
ON CONFLICT DO NOTHING;
