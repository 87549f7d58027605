"""Large tables: a comparison reads them once, in short statements."""

import os
import time

from tests.integration.projector.comparing.support import HERE, OTHER, TwoSets, differing

ROWS = 200_000 if os.environ.get("SOAK") else 20_000
_FILLED = {"accounts", "import_rows", "import_progress"}

FILL = f"""
    SET LOCAL search_path = {HERE};
    INSERT INTO accounts (account_id, project_id, email, description, requested_by, created, modified, version,
        standing, username, can_retry, attempts, life, claims)
    SELECT md5(n::text)::uuid, md5('p')::uuid, n || '@example.org', 'row ' || n, 'manager', '2026-03-02', '2026-03-02',
        1, 'ok', 'u-' || n, false, 1, 1,
        format('[["%s",%s,0,"creator",null,null]]', replace(md5('i')::uuid::text, '-', ''), n)
    FROM generate_series(1, {ROWS}) AS n;
    INSERT INTO import_rows (import_id, row, revision, line, email, description, account_id, claim)
    SELECT md5('i')::uuid, n, 0, n + 1, n || '@example.org', 'row ' || n, md5(n::text)::uuid, 'creator'
    FROM generate_series(1, {ROWS}) AS n;
    INSERT INTO import_progress (import_id, partition, created, failed, waiting, cancelled, closed, existing,
        duplicate, invalid, version, corrections, to_close, kept, unclosed, rate)
    VALUES (md5('i')::uuid, 0, {ROWS}, 0, 0, 0, 0, 0, 0, 0, {ROWS}, 0, 0, 0, 0, 0);
"""  # noqa: S608 - numbers and names of this file


async def test_many_rows_of_each(two: TwoSets) -> None:
    """Equal; then one cell is another: exactly that is found. The times are printed."""
    await two.pool.execute(FILL)
    await two.copy()
    await two.pool.execute(
        f"ANALYZE {HERE}.accounts, {OTHER}.accounts, {HERE}.import_rows, {OTHER}.import_rows"
    )
    started = time.monotonic()
    found = await two.compare()
    assert found.equal
    assert not [rule.name for rule in found.invariants if rule.broken and rule.model in _FILLED]
    print(f"\nequal: {time.monotonic() - started:.2f} s")

    await two.change("UPDATE accounts SET username = 'X' WHERE email = '77@example.org'")
    started = time.monotonic()
    one = differing(await two.compare())["accounts"]
    print(f"one cell: {time.monotonic() - started:.2f} s")
    assert [(cell.column, cell.here, cell.there) for cell in one.first[0].cells] == [
        ("username", "u-77", "X")
    ]
