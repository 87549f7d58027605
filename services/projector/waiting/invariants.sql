-- name: waiting_is_standing
-- An account waits for another attempt exactly when it stands so, for the same reason.
SELECT account_id, a.standing, a.code, w.code AS waits_for
FROM (SELECT account_id, standing, code FROM accounts WHERE standing = 'waiting') AS a
FULL JOIN waiting AS w USING (account_id)
WHERE a.account_id IS NULL OR w.account_id IS NULL OR a.code IS DISTINCT FROM w.code;
