-- name: staged
-- Some staged rows, as they are.
SELECT row, line, email, coalesce(canonical_email, CASE WHEN account_id IS NOT NULL THEN email END) AS canonical_email,
    description, verdict, code, detail, duplicate_of, account_id, notes, suggestions, confirmed
FROM draft_rows
WHERE draft_id = $1 AND row = ANY($2::integer[]);

-- name: alike
-- The next rows that have a suggestion.
SELECT row
FROM draft_rows
WHERE draft_id = $1 AND suggestions @> $2::jsonb AND ($3::integer[] IS NULL OR row = ANY($3))
ORDER BY row
LIMIT $4;

-- name: known
-- The rows that count for some accounts, with the state the account was in.
SELECT account_id, verdict
FROM draft_rows
WHERE draft_id = $1 AND account_id = ANY($2::uuid[]) AND verdict NOT IN ('duplicate', 'invalid');

-- name: change
-- Rows judged anew; whether they repeat others is settled next.
UPDATE draft_rows AS r
SET email = n.email, canonical_email = n.canonical_email, description = n.description, verdict = n.verdict,
    code = n.code, detail = n.detail, duplicate_of = NULL, account_id = n.account_id, notes = n.notes,
    suggestions = n.suggestions, confirmed = n.confirmed
FROM unnest(
    $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::jsonb[],
    $11::jsonb[], $12::boolean[]
) AS n (
    row, email, canonical_email, description, verdict, code, detail, account_id, notes, suggestions, confirmed
)
WHERE r.draft_id = $1 AND r.row = n.row;

-- name: settle
-- Of the rows with some accounts the first counts, with the state its account is in; the others repeat it.
WITH ranked AS (
    SELECT row, account_id, description, first_value(row) OVER same AS first,
        first_value(description) OVER same AS said
    FROM draft_rows
    WHERE draft_id = $1 AND account_id = ANY($2::uuid[])
    WINDOW same AS (PARTITION BY account_id ORDER BY row)
), settled AS (
    SELECT k.row, k.first, k.row = k.first AS counts, a.verdict,
        CASE WHEN k.description <> k.said THEN jsonb_build_array(
            jsonb_build_object('code', 'DESCRIPTION_DIFFERS', 'detail', 'row ' || k.first)
        ) ELSE '[]' END AS differs
    FROM ranked AS k
    JOIN unnest($2::uuid[], $3::text[]) AS a (account_id, verdict) USING (account_id)
)
UPDATE draft_rows AS r
SET verdict = CASE WHEN s.counts THEN s.verdict ELSE 'duplicate' END,
    code = CASE WHEN s.counts THEN NULL ELSE 'DUPLICATE' END,
    detail = CASE WHEN s.counts THEN NULL ELSE r.detail END,
    duplicate_of = CASE WHEN s.counts THEN NULL ELSE s.first END,
    notes = nullif(coalesce((
        SELECT jsonb_agg(note) FROM jsonb_array_elements(r.notes) AS note WHERE note ->> 'code' <> 'DESCRIPTION_DIFFERS'
    ), '[]') || s.differs, '[]')
FROM settled AS s
WHERE r.draft_id = $1 AND r.row = s.row;

-- name: counts
-- Rows for each verdict.
SELECT verdict, count(*) AS rows FROM draft_rows WHERE draft_id = $1 GROUP BY verdict;

-- name: edited
-- The preview is another one now.
UPDATE drafts
SET edition = $2, rows = $3, verdicts = $4, problems = $5, preview_hash = $6
WHERE draft_id = $1
RETURNING *;
