"""Where records of newer types lie, in real tables: counted once, bounded, and read again when they are known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest

from services.common.database import Pool, open_pool, transaction
from services.common.positions import move_positions, read_positions
from services.common.records import Record, TopicPartition
from services.common.unknown_types import MOST_TYPES, keep_unknown, read_again

A, B = TopicPartition("log", 0), TopicPartition("log", 1)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
RENAMED, PAUSED = "org.course-accounts.account-renamed.v1", "org.course-accounts.import-paused.v1"


@pytest.fixture
async def pool(fresh_database: str) -> AsyncIterator[Pool]:
    """A database with the tables of a set that matter here."""
    pool = await open_pool(fresh_database, name="test", size=2)
    await pool.execute(resources.files("services.projector.core").joinpath("tables.sql").read_text("utf-8"))
    yield pool
    await pool.close()


def record(name: str, offset: int, here: TopicPartition = A) -> Record:
    """A record of a type."""
    return Record(*here, offset, 1, b"k", (("ce_type", name.encode()),), b"{}")


async def keep(pool: Pool, *records: Record, now: datetime = NOW) -> None:
    """Keep in a transaction of its own."""
    async with transaction(pool) as connection:
        await keep_unknown(connection, records, now=now)


async def kept(pool: Pool) -> list[tuple[object, ...]]:
    """All that is kept."""
    rows = await pool.fetch(
        "SELECT partition, type, first_offset, last_offset, records FROM unknown_types ORDER BY 1, 3, 2"
    )
    return [tuple(row) for row in rows]


async def test_places_add_up(pool: Pool) -> None:
    """Batch after batch one row a type and partition, with when it was met first and last."""
    await keep(pool)
    await keep(pool, record(RENAMED, 3), record(RENAMED, 4), record(RENAMED, 9, B))
    await keep(pool, record(PAUSED, 6), record(RENAMED, 8), now=NOW + timedelta(hours=1))
    assert await kept(pool) == [(0, RENAMED, 3, 8, 3), (0, PAUSED, 6, 6, 1), (1, RENAMED, 9, 9, 1)]
    row = await pool.fetchrow("SELECT first_at, last_at FROM unknown_types WHERE last_offset = 8")
    assert row is not None
    assert tuple(row) == (
        NOW,
        NOW + timedelta(hours=1),
    )


async def test_made_up_types_are_bounded(pool: Pool) -> None:
    """Beyond a number of types the rest is one row, in one batch or over many; known ones count on."""
    names = [f"org.course-accounts.made-up-{n}.v1" for n in range(MOST_TYPES + 20)]
    await keep(pool, *(record(name, at) for at, name in enumerate(names[: MOST_TYPES + 5])))
    await keep(pool, *(record(name, at + 100) for at, name in enumerate(names)))
    rows = await kept(pool)
    assert len(rows) == MOST_TYPES + 1
    assert (0, "others", MOST_TYPES, len(names) + 99, 5 + 20) in rows
    assert (0, names[0], 0, 100, 2) in rows


async def test_known_types_are_read_again(pool: Pool) -> None:
    """Only where one is known now: from the first of all that is kept of the partition, which counts anew."""
    async with transaction(pool) as connection:
        await move_positions(connection, {A: (0, 20), B: (0, 20)}, as_of=NOW)
    await keep(pool, record(PAUSED, 3), record(RENAMED, 7), record(RENAMED, 12), record(PAUSED, 5, B))
    await read_again(pool, [A, B], known=["org.course-accounts.account-created.v1"])
    assert await read_positions(pool, [A, B]) == {A: 20, B: 20}
    await read_again(pool, [B], known=[RENAMED])
    assert await read_positions(pool, [A, B]) == {A: 20, B: 20}
    await read_again(pool, [A, B], known=[RENAMED])
    assert await read_positions(pool, [A, B]) == {A: 3, B: 20}
    assert await kept(pool) == [(1, PAUSED, 5, 5, 1)]
    await read_again(pool, [A, B], known=[RENAMED])
    assert await read_positions(pool, [A, B]) == {A: 3, B: 20}
