-- name: park
-- Keep a record that could not be read.
INSERT INTO parked (topic, partition, record_offset, key, headers, value, code, reason, parked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;
