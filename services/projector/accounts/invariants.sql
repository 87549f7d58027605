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
    OR num_nulls(email, project_id, description, requested_by, created) NOT IN (0, 5)
    OR (address IS NOT NULL AND (email IS NULL OR address = email));

-- name: claims_are_rows
-- As many rows ask for an account as there are claims on it.
SELECT a.account_id, json_array_length(a.claims::json) AS claims, r.number AS rows
FROM accounts AS a
LEFT JOIN (
    SELECT account_id, count(*) AS number FROM import_rows WHERE account_id IS NOT NULL GROUP BY account_id
) AS r ON r.account_id = a.account_id
WHERE json_array_length(a.claims::json) <> coalesce(r.number, 0);
