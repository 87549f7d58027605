-- name: trouble_has_a_cause
-- Only an account that failed can be tried again, has a message or may exist after all; only one that failed or waits
-- has a code.
SELECT account_id, standing, can_retry, uncertain, code
FROM accounts
WHERE ((can_retry OR uncertain OR message IS NOT NULL) AND standing <> 'erred')
    OR (code IS NOT NULL) <> (standing IN ('erred', 'waiting'));

-- name: versions_count_outcomes
-- No version is negative, and an account of which the provisioner said nothing yet is queued and was requested.
SELECT account_id, version, standing, phase, attempts
FROM accounts
WHERE version < 0 OR attempts < 0 OR life < 1
    OR (version = 0 AND (standing <> 'pending' OR phase IS DISTINCT FROM 'queued' OR attempts <> 0
        OR username IS NOT NULL OR email IS NULL));

-- name: requested_means_claimed
-- An account is known by name exactly when a row has a claim on it.
SELECT account_id, version
FROM accounts
WHERE (claims = '[]') <> (email IS NULL)
    OR num_nulls(email, project_id, description, requested_by, created) NOT IN (0, 5);

-- name: claims_are_rows
-- Every claim on an account is a row of its import, which stands as the claim says.
SELECT c.account_id, c.import_id, c.row, c.revision
FROM (
    SELECT a.account_id, (one.claim->>0)::uuid AS import_id, (one.claim->>1)::int AS row,
        (one.claim->>2)::int AS revision, one.claim->>3 AS claim, one.claim->>4 AS pinned, one.claim->>5 AS kept
    FROM accounts AS a
    CROSS JOIN LATERAL jsonb_array_elements(a.claims::jsonb) AS one (claim)
) AS c
LEFT JOIN import_rows AS r ON r.import_id = c.import_id AND r.row = c.row AND r.revision = c.revision
WHERE r.account_id IS DISTINCT FROM c.account_id OR r.claim <> c.claim OR r.pinned IS DISTINCT FROM c.pinned
    OR r.kept IS DISTINCT FROM c.kept;
