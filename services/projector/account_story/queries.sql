-- name: story
-- Some events of one account in order, after a place; one row without a kind if it has no more, none if it is not there.
SELECT a.project_id, s.version, s.claims, s.time, s.import_id, s.row, s.kind, s.data
FROM accounts AS a
LEFT JOIN LATERAL (
    SELECT * FROM account_story AS t
    WHERE t.account_id = a.account_id AND (t.version, t.claims) > ($2, $3::int)
    ORDER BY t.version, t.claims
    LIMIT $4
) AS s ON true
WHERE a.account_id = $1 AND a.email IS NOT NULL
ORDER BY s.version, s.claims;

-- name: insert_entries
-- Events of which some may be there already.
INSERT INTO account_story (account_id, version, claims, time, import_id, row, kind, data)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[], $5::uuid[], $6::int[], $7::int[], $8::text[])
ON CONFLICT DO NOTHING;
