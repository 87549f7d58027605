"""Positions in real tables: moved by compare-and-set, all or none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.common.database import Pool, open_pool, transaction
from services.common.positions import move_positions, read_positions, touch_positions
from services.common.records import PositionLost, TopicPartition

A, B, C = (TopicPartition("log", n) for n in range(3))
OTHER = TopicPartition("projects", 0)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
async def pool(fresh_database: str) -> AsyncIterator[Pool]:
    """A database with the table every service has."""
    pool = await open_pool(fresh_database, name="test", size=2)
    await pool.execute(
        """CREATE TABLE positions (
            topic text NOT NULL, partition integer NOT NULL, next_offset bigint NOT NULL,
            as_of timestamptz NOT NULL, fingerprint bytea, PRIMARY KEY (topic, partition)
        )"""
    )
    yield pool
    await pool.close()


async def move(pool: Pool, moves: dict[TopicPartition, tuple[int, int]], *, as_of: datetime = NOW) -> None:
    """Move in a transaction of its own."""
    async with transaction(pool) as connection:
        await move_positions(connection, moves, as_of=as_of)


async def test_never_read_is_absent_and_the_first_move_makes_it(pool: Pool) -> None:
    """Partitions of several topics side by side."""
    assert await read_positions(pool, [A, B, OTHER]) == {}
    await move(pool, {A: (0, 5), OTHER: (0, 2)})
    assert await read_positions(pool, [A, B, OTHER]) == {A: 5, OTHER: 2}
    await move(pool, {A: (5, 7), B: (0, 1)})
    assert await read_positions(pool, [A, B]) == {A: 7, B: 1}


@pytest.mark.parametrize(
    "moves",
    [
        {A: (5, 9), B: (2, 4)},  # B is at 3
        {A: (0, 9)},  # A was read before
        {A: (5, 9), C: (1, 2)},  # C was never read: the tables were emptied
        {A: (4, 5)},  # a twin moved on
        {A: (6, 9)},
    ],
    ids=str,
)
async def test_one_that_is_elsewhere_moves_none(
    pool: Pool, moves: dict[TopicPartition, tuple[int, int]]
) -> None:
    """The whole transaction is lost, with all that was written beside it."""
    await move(pool, {A: (0, 5), B: (0, 3)})
    with pytest.raises(PositionLost):
        await move(pool, moves)
    assert await read_positions(pool, [A, B, C]) == {A: 5, B: 3}


@pytest.mark.parametrize("start", [0, 5])
async def test_of_two_twins_one_wins(pool: Pool, start: int) -> None:
    """Both read the same records; the second waits for the first to commit, and loses."""
    if start:
        await move(pool, {A: (0, start)})
    async with transaction(pool) as first:
        await move_positions(first, {A: (start, 8)}, as_of=NOW)
        second = asyncio.create_task(move(pool, {A: (start, 9)}))
        await _until_someone_waits(pool, first)
    with pytest.raises(PositionLost):
        await second
    assert await read_positions(pool, [A]) == {A: 8}


async def test_a_twin_that_rolls_back_leaves_the_way_free(pool: Pool) -> None:
    """Who waited for it wins."""
    await move(pool, {A: (0, 5)})
    async with pool.acquire() as connection:
        lost = connection.transaction()
        await lost.start()
        await move_positions(connection, {A: (5, 8)}, as_of=NOW)
        second = asyncio.create_task(move(pool, {A: (5, 9)}))
        await _until_someone_waits(pool, connection)
        await lost.rollback()
        await second
    assert await read_positions(pool, [A]) == {A: 9}


async def test_touching_says_when_and_nothing_else(pool: Pool) -> None:
    """Only where the reader still stands at that position, and never back in time."""
    later, earlier = NOW + timedelta(seconds=5), NOW - timedelta(seconds=5)
    await move(pool, {A: (0, 5), B: (0, 3), C: (0, 1)})
    await touch_positions(pool, {A: 5, B: 2}, as_of=later)
    await touch_positions(pool, {C: 1}, as_of=earlier)
    rows = await pool.fetch("SELECT partition, next_offset, as_of FROM positions ORDER BY 1")
    assert [tuple(row) for row in rows] == [(0, 5, later), (1, 3, NOW), (2, 1, NOW)]


async def _until_someone_waits(pool: Pool, connection: object) -> None:
    """Until another connection waits for a lock of this one."""
    async with asyncio.timeout(10):
        while not await connection.fetchval(  # type: ignore[attr-defined]
            """SELECT count(*) FROM pg_stat_activity
               WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)) AND datname = current_database()"""
        ):
            await asyncio.sleep(0.01)
