"""Filling empty tables a partition at a time leaves what reading in batches leaves, row for row."""

from collections.abc import Sequence
from typing import Any

from services.common.database import Pool
from services.common.records import Record
from tests.integration.projector.comparing.support import fill
from tests.integration.projector.support import EVERY_TABLE, feed, records, tables
from tests.integration.projector.test_positions_and_rows import a_long_story
from tests.unit.projector.stories import Story


async def both(pool: Pool, log: Sequence[Record], *, size: int) -> tuple[Any, Any]:
    """All tables and positions after `log`: read in batches, and filled."""
    by_partition = sorted(log, key=lambda record: record.partition)
    await feed(pool, by_partition, size=size)
    read = await tables(pool, positions=True)
    await pool.execute(f"TRUNCATE {EVERY_TABLE}")
    await fill(pool, by_partition, most=len(log))
    filled = await tables(pool, positions=True)
    for row in (*read["positions"], *filled["positions"]):
        del row["as_of"]  # of the last record of a batch, or of a partition
    return read, filled


async def test_every_kind_of_fact(pool: Pool) -> None:
    """Two imports with everything that can happen, read in batches of three records."""
    read, filled = await both(pool, records(a_long_story().facts), size=3)
    assert filled == read
    assert len(filled["accounts"]) == 3


async def test_many_more_than_one_slice(pool: Pool) -> None:
    """Thousands of accounts: rows go out slice by slice, and none is lost or written twice."""
    story = Story().accepted("a", 2_000)
    for row in range(1, 2_001):
        story.requested("a", row, f"person-{row}")
    read, filled = await both(pool, records(story.facts), size=700)
    assert filled == read
    assert len(filled["import_rows"]) == 2_000


async def test_a_row_that_is_there_already_stays(pool: Pool) -> None:
    """A row asked for again, for somebody whose facts lie in another partition: the first one counts."""
    story = Story().accepted("a", 2)
    for name in ("ann", "ben", "cleo", "dan"):
        story.requested("a", 1, name)
    log = records(story.facts)
    assert len({record.partition for record in log}) > 1
    read, filled = await both(pool, log, size=2)
    assert filled == read
    assert len(filled["import_rows"]) == 1
    assert len(filled["accounts"]) == 4


async def test_an_account_in_two_partitions_ends_nothing(pool: Pool) -> None:
    """Facts under a wrong key, which nobody of ours writes: what is filled last is what stands."""
    log = records(Story().requested("a", 1, "ann").facts)
    stray = [record._replace(partition=(record.partition + 1) % 3) for record in log]
    await fill(pool, [*log, *stray], most=10)
    assert len((await tables(pool))["accounts"]) == 1
