"""Facts of a newer version pass the read models by: counted by type, kept by place, and nothing else is held up."""

import pytest

from schemas.codec import Unreadable
from services.common.database import Pool
from services.common.records import PositionLost, Record
from services.projector.core import metrics
from tests.integration.projector.support import LOG, feed, reader, records, take_over
from tests.unit.projector.stories import Story, import_of

NEWER = "org.course-accounts.account-renamed.v1"


def of_type(record: Record, name: bytes) -> Record:
    """The same record under another type."""
    headers = tuple((key, name if key == "ce_type" else value) for key, value in record.headers)
    return record._replace(headers=headers)


def counted(name: str) -> float:
    """What the metric says."""
    return metrics.UNKNOWN.labels(name)._value.get()  # type: ignore[no-any-return]


async def test_a_newer_type_is_counted_and_kept(pool: Pool) -> None:
    """One of a newer version is kept by its place, one of nobody's with its bytes, and those around are folded."""
    log = records(Story().accepted("a", 2).cancelled("a", 1).undo_started("a").accepted("b", 1).facts)
    log = [log[0], of_type(log[1], NEWER.encode()), of_type(log[2], b"com.example.other"), log[3]]
    before = counted(NEWER)
    await feed(pool, log)
    kept = await pool.fetch("SELECT topic, type, first_offset, last_offset, records FROM unknown_types")
    assert [tuple(row) for row in kept] == [(LOG, NEWER, log[1].offset, log[1].offset, 1)]
    parked = await pool.fetch("SELECT record_offset, partition, code, value FROM parked")
    assert [tuple(row) for row in parked] == [(log[2].offset, log[2].partition, "UNKNOWN_TYPE", log[2].value)]
    assert {row["import_id"] for row in await pool.fetch("SELECT import_id FROM imports")} == {
        import_of("a"),
        import_of("b"),
    }
    assert counted(NEWER) == before + 1


async def test_a_batch_that_is_lost_counts_nothing(pool: Pool) -> None:
    """What a twin folded already is not counted again: kept in the transaction that moves the position."""
    (record,) = records(Story().accepted("a", 2).facts)
    newer = of_type(record, NEWER.encode())
    twin, late = reader(pool), reader(pool)
    for handler in (twin, late):
        await take_over(handler)
    await twin.handle([newer])
    with pytest.raises(PositionLost):
        await late.handle([newer])
    assert await pool.fetchval("SELECT sum(records) FROM unknown_types") == 1


async def test_redriving_what_is_still_unknown(pool: Pool) -> None:
    """It says so, instead of taking it for done."""
    (record,) = records(Story().accepted("a", 2).facts)
    handler = reader(pool)
    await take_over(handler)
    with pytest.raises(Unreadable, match="No reader knows"):
        await handler.redrive(of_type(record, NEWER.encode()))


async def test_each_position_remembers_the_record_before_it(pool: Pool) -> None:
    """So that a log made anew is noticed."""
    await feed(pool, records(Story().accepted("a", 1).requested("a", 1, "ann").facts), size=1)
    rows = await pool.fetch("SELECT next_offset, fingerprint FROM positions")
    assert any(row["next_offset"] for row in rows)
    assert [row["fingerprint"] is not None for row in rows] == [row["next_offset"] > 0 for row in rows]
