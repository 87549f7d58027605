-- name: page
-- Parked records, the newest first, from before the last one of the page before; long headers are left out.
SELECT topic, partition, record_offset, CASE WHEN octet_length(headers::text) <= 8192 THEN headers END AS headers,
    octet_length(value) AS size, code, reason, written_at, parked_at, state, tries, tried_at, settled_at, settled_by
FROM parked
WHERE (cardinality($1::text[]) = 0 OR code = ANY($1)) AND ($2::text IS NULL OR topic = $2)
    AND (cardinality($3::text[]) = 0 OR state = ANY($3))
    AND (
        $4::timestamptz IS NULL
        OR (parked_at, topic, partition, record_offset) < ($4, $5::text, $6::integer, $7::bigint)
    )
ORDER BY parked_at DESC, topic DESC, partition DESC, record_offset DESC
LIMIT $8;

-- name: causes
-- What waits, by topic and code, the most frequent first.
SELECT topic, code, count(*) AS records, min(parked_at) AS oldest, max(parked_at) AS newest
FROM parked
WHERE state = 'parked'
GROUP BY topic, code
ORDER BY records DESC, topic, code;

-- name: find
-- One record, with the beginning of its bytes.
SELECT topic, partition, record_offset, substring(key FROM 1 FOR $4::integer) AS key, headers,
    substring(value FROM 1 FOR $4) AS value, octet_length(value) AS size, code, reason, written_at, parked_at, state,
    tries, tried_at, settled_at, settled_by
FROM parked
WHERE topic = $1 AND partition = $2 AND record_offset = $3;

-- name: tries
-- What jobs came to for one record, the newest first.
SELECT r.job_id, j.action, j.author, j.reason, r.outcome, r.code, r.reason AS why, r.tried_at
FROM parked_job_records AS r
JOIN parked_jobs AS j USING (job_id)
WHERE r.topic = $1 AND r.partition = $2 AND r.record_offset = $3 AND r.outcome IS NOT NULL
ORDER BY r.tried_at DESC, r.job_id
LIMIT 50;
