"""Pools with a bound on every wait, migrations applied once and in order, on a real server."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest

from services.common import database
from services.common.database import (
    OPERATIONAL_ERRORS,
    MigrationChanged,
    Pool,
    migrate,
    open_pool,
    ping,
    transaction,
)
from services.common.errors import CannotStart

FIRST = "CREATE TABLE things (id integer PRIMARY KEY);"
SECOND = "ALTER TABLE things ADD COLUMN name text; INSERT INTO things VALUES (1, 'x');"

Migrations = Callable[..., str]


@pytest.fixture
async def pool(fresh_database: str) -> AsyncIterator[Pool]:
    """Two connections to an empty database."""
    async with await open_pool(fresh_database, name="test-pool", size=2, schema="public") as pool:
        yield pool


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """Writes the migrations of a package and returns its name."""
    folder = tmp_path / "some_migrations"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "README.sql.txt").write_text("not a migration")
    monkeypatch.syspath_prepend(tmp_path)

    def write(**files: str) -> str:
        for name, text in files.items():
            (folder / f"{name.removeprefix('m')}.sql").write_text(text)
        return "some_migrations"

    monkeypatch.delitem(sys.modules, "some_migrations", raising=False)
    return write


async def test_migrations_are_applied_once_and_in_order(pool: Pool, migrations: Migrations) -> None:
    """New files are applied on top; a second start has nothing to do."""
    package = migrations(m0001_first=FIRST)
    assert await migrate(pool, schema="public", package=package) == ["0001_first.sql"]
    migrations(m0010_third="UPDATE things SET name = 'y';", m0002_second=SECOND)
    assert await migrate(pool, schema="public", package=package) == ["0002_second.sql", "0010_third.sql"]
    assert await migrate(pool, schema="public", package=package) == []
    assert await pool.fetchval("SELECT name FROM things") == "y"


async def test_copies_that_start_together_migrate_once(
    pool: Pool, fresh_database: str, migrations: Migrations
) -> None:
    """One does it, the others wait for it."""
    package = migrations(m0001_first=FIRST, m0002_second=SECOND)
    async with await open_pool(fresh_database, name="other", size=2, schema="public") as other:
        applied = await asyncio.gather(
            *(migrate(p, schema="public", package=package) for p in (pool, other, pool, other))
        )
    assert sorted(map(len, applied)) == [0, 0, 0, 2]


async def test_a_failing_migration_leaves_nothing_behind(pool: Pool, migrations: Migrations) -> None:
    """All files of a start are one transaction: repaired, they are applied from the first."""
    package = migrations(m0001_first=FIRST, m0002_second="SELECT no_such_thing();")
    with pytest.raises(asyncpg.UndefinedFunctionError):
        await migrate(pool, schema="public", package=package)
    assert await pool.fetchval("SELECT to_regclass('things')") is None
    migrations(m0002_second=SECOND)
    assert len(await migrate(pool, schema="public", package=package)) == 2


async def test_history_is_not_edited(pool: Pool, migrations: Migrations) -> None:
    """A file that changed after it was applied is refused by name, and nothing newer is applied."""
    package = migrations(m0001_first=FIRST)
    await migrate(pool, schema="public", package=package)
    migrations(m0001_first=FIRST + " -- better", m0002_second=SECOND)
    with pytest.raises(MigrationChanged, match="0001_first"):
        await migrate(pool, schema="public", package=package)
    assert await pool.fetchval("SELECT count(*) FROM migrations") == 1


async def test_every_wait_of_a_pool_is_bounded(pool: Pool) -> None:
    """By the server, for each connection: statements, locks, idle transactions; and it is named."""
    wanted = {
        "application_name": "test-pool",
        "search_path": "public",
        "lock_timeout": "10s",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "1min",
    }
    assert {name: await pool.fetchval(f"SHOW {name}") for name in wanted} == wanted


async def test_waiting_for_a_connection_is_bounded(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all of them taken it ends in an operational error, and the pool goes on."""
    monkeypatch.setattr(database, "ACQUIRE_TIMEOUT_S", 0.05)
    async with transaction(pool), transaction(pool):
        with pytest.raises(TimeoutError):
            async with transaction(pool):
                pass
    await ping(pool)


async def test_a_transaction_is_all_or_nothing(pool: Pool) -> None:
    """What raises inside undoes all of it."""
    await pool.execute(FIRST)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with transaction(pool) as connection:
            await connection.execute("INSERT INTO things VALUES (1); INSERT INTO things VALUES (1)")
    assert await pool.fetchval("SELECT count(*) FROM things") == 0


@pytest.mark.parametrize(
    "statement",
    ["SELECT pg_terminate_backend(pg_backend_pid())", "SET statement_timeout = 10; SELECT pg_sleep(5)"],
    ids=["terminated", "too slow"],
)
async def test_what_the_server_does_to_us_is_operational(pool: Pool, statement: str) -> None:
    """Wait and try again; the pool replaces what was lost."""
    with pytest.raises(OPERATIONAL_ERRORS):
        await pool.execute(statement)
    for _ in range(3):
        await ping(pool)


async def test_a_deadlock_is_operational(pool: Pool) -> None:
    """Two transactions that take two rows in opposite order: one is undone and may try again."""
    await pool.execute(FIRST)
    await pool.execute("INSERT INTO things VALUES (1), (2)")
    met = asyncio.Barrier(2)

    async def lock(*order: int) -> None:
        async with transaction(pool) as connection:
            await connection.execute("SET LOCAL deadlock_timeout = '20ms'")
            for place, number in enumerate(order):
                await connection.execute("SELECT FROM things WHERE id = $1 FOR UPDATE", number)
                if place == 0:
                    await met.wait()

    ends = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    (error,) = [end for end in ends if end is not None]
    assert isinstance(error, OPERATIONAL_ERRORS)


async def test_ping_notices_a_server_that_does_not_answer(fresh_database: str) -> None:
    """A pool whose server is gone says so at once, operationally."""
    pool = await open_pool(fresh_database, name="gone", size=1)
    pool.terminate()
    with pytest.raises(OPERATIONAL_ERRORS):
        await ping(pool)


async def test_a_changed_migration_is_refused_in_a_sentence(pool: Pool, migrations: Migrations) -> None:
    """What was applied is history: a file with another content stops the start, and the reason says what to do."""
    package = migrations(m0001_first=FIRST)
    await migrate(pool, schema="public", package=package)
    migrations(m0001_first=FIRST + "\n-- changed")
    with pytest.raises(
        CannotStart, match=r"0001_first\.sql\. Start that version again, or begin with an empty"
    ):
        await migrate(pool, schema="public", package=package)
