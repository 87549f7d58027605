"""Accounts and courses as the projector would have folded them, written by SQL, which is quicker."""

from hashlib import md5
from typing import Final
from uuid import UUID

from services.common.database import Pool
from services.projector.core.sets import ensure_set
from services.projector.registry import READ_MODELS

COURSE: Final = 4_000
"""Accounts of a course."""

_PROJECTS: Final = """
INSERT INTO projects (project_id, revision, name, slug, kind, status, start_date, end_date, customer_id, customer_name)
SELECT md5('p' || p)::uuid, 1, 'Course ' || to_char(p, 'FM00000'), 'course-' || p, 'course', 'active',
    date '2026-01-01' + p % 50, date '2026-07-01' + p % 50, md5('c' || p % 7)::uuid, 'Faculty ' || p % 7
FROM generate_series(0, $1::int - 1) AS p
"""
_ACCOUNTS: Final = """
INSERT INTO accounts (account_id, project_id, email, address, description, requested_by, created, modified, version,
    standing, phase, username, code, message, can_retry, attempts, next_attempt_at, life, claims)
SELECT md5('a' || g)::uuid, md5('p' || p)::uuid, email, nullif(lower(email), email), 'Participant ' || g, 'staff',
    timestamptz '2026-01-01' + g * interval '1 second',
    timestamptz '2026-01-01' + (g + 100 + hashint4(g) % 1000) * interval '1 second', 1, s, NULL, 'u' || g,
    CASE s WHEN 'erred' THEN 'REFUSED' WHEN 'waiting' THEN 'TARGET_BUSY' END, NULL, s = 'erred', 1,
    CASE s WHEN 'waiting' THEN now() END, 1,
    '[["' || md5('i' || p) || '",' || r || ',0,"creator",null,null]]'
FROM (
    SELECT g, g / $2::int AS p, g % $2::int AS r,
        CASE WHEN g % 100 < 3 THEN 'erred' WHEN g % 100 < 5 THEN 'closed' WHEN g % 200 = 5 THEN 'pending'
            WHEN g % 200 = 105 THEN 'waiting' ELSE 'ok' END AS s,
        'x' || g || '.of.' || chr(97 + (g / $2::int) % 26) || '@' || (ARRAY['example.org', 'uni-tartu.example',
            'students.example.edu', 'Mail.example', 'post.example.com'])[1 + g % 5] AS email
    FROM generate_series(0, $1::int - 1) AS g
) AS q
"""
_COUNTS: Final = """
INSERT INTO account_counts (import_id, partition, project_id, first_created, last_created, pending, waiting, ok, erred,
    closed)
SELECT (claims::json->0->>0)::uuid, abs(hashtext(account_id::text)) % 12, min(project_id::text)::uuid,
    min(created), max(created), count(*) FILTER (WHERE standing = 'pending'),
    count(*) FILTER (WHERE standing = 'waiting'), count(*) FILTER (WHERE standing = 'ok'),
    count(*) FILTER (WHERE standing = 'erred'), count(*) FILTER (WHERE standing = 'closed')
FROM accounts
GROUP BY 1, 2
"""
_ADDRESSES: Final = """
INSERT INTO account_addresses (account_id, project_id, created, address)
SELECT account_id, project_id, created, lower(email) FROM accounts ORDER BY created
"""


def project_of(course: int) -> UUID:
    """The project of a course, which are counted from 0 in the order of time."""
    return UUID(md5(f"p{course}".encode(), usedforsecurity=False).hexdigest())


async def fill(pool: Pool, schema: str, *, seen: int, beside: int) -> None:
    """Make an empty set and fill what lists are read from; half a minute a million."""
    await pool.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
    await ensure_set(pool, READ_MODELS, schema=schema)
    accounts = seen + beside
    async with pool.acquire() as connection:
        await connection.execute("SET statement_timeout = 0")
        await connection.execute(_PROJECTS, accounts // COURSE)
        await connection.execute(_ACCOUNTS, accounts, COURSE, timeout=900)
        await connection.execute(_COUNTS, timeout=900)
        await connection.execute(_ADDRESSES, timeout=900)
        await connection.execute("VACUUM ANALYZE", timeout=900)
