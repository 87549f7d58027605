"""Position and rows move together: repeated, cut, fenced, emptied, poisoned."""

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.projects import CourseProject, Customer
from services.common.database import Pool, open_pool
from services.common.records import PositionLost
from services.projector.core.sets import Made, SetOutdated, ensure_set
from services.projector.registry import READ_MODELS
from tests.integration.projector.support import (
    EVERY_TABLE,
    LOG,
    feed,
    project_record,
    reader,
    records,
    tables,
    take_over,
)
from tests.support.facts import facts as any_fact
from tests.unit.projector.memory import Tables
from tests.unit.projector.stories import PROJECT, START, Story, claim, import_of

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned

A1, A2, B1 = claim("a", 1), claim("a", 2), claim("b", 1)


def a_long_story() -> Story:
    """Two imports with every kind of fact."""
    story = Story().requested("a", 1, "ann").accepted("a", 4).skipped("a", _3="invalid", _4="duplicate")
    story.requested("a", 2, "ben").retried("ann", A1).failed("ben", A2).accepted("b", 1)
    story.requested("b", 1, "ann").met("ann", B1, "pending").created("ann", A1).paused().resumed()
    story.retried("ben", A2, "person").created("ben", A2).closing("ben", A2).close_failed("ben", A2)
    story.closed("ben", A2).kept("ann", A1).stopped("ann", B1).cancelled("b", 1).undo_started("a")
    return story.requested("a", 2, "dan", revision=1)


async def test_every_event_twice_in_batches_of_any_size(pool: Pool) -> None:
    """The tables are equal after the log once, twice, and in any batches; only positions tell the difference."""
    story = a_long_story()
    await feed(pool, records(story.facts))
    once = await tables(pool)
    assert once["import_progress"]
    twice = records([telling for telling in story.facts for _ in range(2)] + story.facts)
    for size in (1, 2, 7, 1000):
        await pool.execute(f"TRUNCATE {EVERY_TABLE}")
        await feed(pool, twice, size=size)
        assert await tables(pool) == once


async def test_the_tables_are_the_fold(pool: Pool) -> None:
    """What Postgres holds is what the pure fold says, row for row."""
    story = a_long_story()
    await feed(pool, records(story.facts), size=3)
    expected = Tables().fold(story.facts)
    found = await tables(pool)
    assert {row["account_id"]: (row["version"], row["standing"]) for row in found["accounts"]} == {
        key: (view.version, view.standing) for key, view in expected.views.items()
    }
    assert {
        (r["import_id"], r["row"], r["revision"]): (
            r["claim"],
            r["pinned"],
            r["kept"],
            r["ending"],
            r["failed"],
        )
        for r in found["import_rows"]
    } == {key: tuple(stand) for key, (_, stand) in expected.rows.items()}
    assert {
        (r["import_id"], r["partition"]): (r["version"], r["created"]) for r in found["import_progress"]
    } == {
        (p.import_id, p.partition): (p.version, p.counts["created"])  # type: ignore[index]
        for p in expected.progress.values()
    }


async def test_a_projector_that_was_overtaken_writes_nothing(pool: Pool) -> None:
    """Two projectors hold the same partitions; the second to commit loses, steps back, and goes on."""
    story = Story().accepted("a", 1).requested("a", 1, "ann")
    log = records(story.facts)
    first, second = reader(pool), reader(pool)
    await take_over(first)
    await take_over(second)
    await first.handle(log)
    before = await tables(pool, positions=True)
    with pytest.raises(PositionLost):
        await second.handle(log)
    assert await tables(pool, positions=True) == before
    await take_over(second)
    offsets = {record.partition: record.offset + 1 for record in log}
    await second.handle(records(story.created("ann", A1).facts[2:], first=offsets))
    with pytest.raises(PositionLost):
        await first.handle(records(story.facts[2:], first={r.partition: r.offset + 1 for r in log}))
    assert (await tables(pool))["accounts"][0]["standing"] == "ok"


async def test_two_projectors_at_once_share_the_partitions(pool: Pool) -> None:
    """Each folds its own partitions at the same time; together they leave what one alone would."""
    story = a_long_story()
    log = records(story.facts)
    await feed(pool, log)
    alone = await tables(pool, positions=True)
    await pool.execute(f"TRUNCATE {EVERY_TABLE}")
    handlers = [reader(pool) for _ in range(3)]
    for handler in handlers:
        await take_over(handler)

    async def read(partition: int) -> None:
        for record in log:
            if record.partition == partition:
                await handlers[partition].handle([record])

    await asyncio.gather(*(read(partition) for partition in range(3)))
    together = await tables(pool, positions=True)
    for row in (*alone["positions"], *together["positions"]):
        del row["as_of"]
    assert together == alone


async def test_records_read_from_too_early_are_refused(pool: Pool) -> None:
    """A batch that begins before the stored position would move it back: it is given up instead."""
    log = records(Story().accepted("a", 1).accepted("a", 1).facts)
    handler = reader(pool)
    await take_over(handler)
    await handler.handle(log)
    with pytest.raises(PositionLost):
        await handler.handle(log[:1])


async def test_poison_is_parked_and_the_partition_goes_on(pool: Pool) -> None:
    """First, middle and last of a batch; with bytes, origin and reason. Unknown types are only counted."""
    good = records(Story().accepted("a", 1).facts)[0]
    poison = [
        good._replace(offset=0, value=b"{"),
        good._replace(offset=1, headers=(("a \x00 name", None), ("ce_type", None))),
        good._replace(offset=2),
        good._replace(offset=3, value=None, key=None),
        good._replace(offset=4, headers=(("ce_type", b"org.course-accounts.not-invented.v9"),)),
        good._replace(offset=5, timestamp_ms=2**62, headers=(*good.headers, ("ce_time", b"\xff"))),
    ]
    handler = reader(pool)
    await take_over(handler)
    await handler.handle(poison)
    parked = await pool.fetch("SELECT * FROM parked ORDER BY record_offset")
    assert [(p["record_offset"], p["code"]) for p in parked] == [
        (0, "BAD_FACT"),
        (1, "NO_TYPE"),
        (3, "NO_VALUE"),
        (5, "BAD_ENVELOPE"),
    ]
    assert parked[0]["value"] == b"{"
    assert parked[0]["topic"] == LOG
    assert json.loads(parked[1]["headers"])[0] == ["a \x00 name", None]
    found = await tables(pool, positions=True)
    assert len(found["imports"]) == 1
    assert [
        p["next_offset"] for p in found["positions"] if p["partition"] == good.partition and p["topic"] == LOG
    ] == [6]


async def test_absurd_times_are_stored_as_the_nearest_possible(pool: Pool) -> None:
    """A time no calendar in UTC has does not stop the log."""
    record = records(Story().accepted("a", 1).facts)[0]
    headers = tuple((n, b"0001-01-01T00:00:00+14:00" if n == "ce_time" else v) for n, v in record.headers)
    await feed(pool, [record._replace(headers=headers)])
    assert (await tables(pool))["imports"][0]["submitted"].year == 1900


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(any_fact(), min_size=1, max_size=40))
async def test_any_facts_at_all_can_be_stored(pool: Pool, facts: list) -> None:  # type: ignore[type-arg]
    """Whatever the contract lets pass, no table refuses."""
    await pool.execute("TRUNCATE positions")
    await feed(pool, records([(START, fact) for fact in facts]), size=15)
    assert await pool.fetchval("SELECT sum(next_offset) FROM positions") == len(facts)


async def test_projects_are_read_from_a_topic_with_holes(pool: Pool) -> None:
    """A compacted topic begins and goes on anywhere; older revisions change nothing."""
    project = CourseProject(
        project_id=PROJECT.project_id,
        name="Old",
        slug="p",
        customer=Customer(customer_id=import_of("x"), name="A faculty"),
    )
    newer = CourseProject(project_id=PROJECT.project_id, revision=2, name="New", slug="p")
    handler = reader(pool)
    await take_over(handler)
    await handler.handle([project_record(project, 5), project_record(newer, 9)])
    await handler.handle([project_record(project, 12)])
    found = await tables(pool, positions=True)
    assert [p["name"] for p in found["projects"]] == ["New"]
    assert [p["next_offset"] for p in found["positions"] if p["topic"] == "projects"] == [13]


async def test_tables_of_another_version_are_refused(pool: Pool) -> None:
    """They are neither used nor changed; the sentence says what to do."""
    assert await ensure_set(pool, READ_MODELS, schema="projector") is Made.FOUND
    await pool.execute("UPDATE set_models SET version = 0 WHERE model = 'accounts'")
    with pytest.raises(SetOutdated, match="accounts"):
        await ensure_set(pool, READ_MODELS, schema="projector")


async def test_outdated_tables_are_made_anew_where_that_is_wished(pool: Pool) -> None:
    """All of them go, views and rows included; what the log holds is then read from its beginning."""
    log = records(a_long_story().facts)
    await feed(pool, log)
    before = await tables(pool)
    await pool.execute("UPDATE set_models SET version = 0 WHERE model = 'accounts'")
    await pool.execute(
        "CREATE TABLE of_an_older_version (n int); ALTER TABLE projects DROP COLUMN slug CASCADE"
    )
    made = await asyncio.gather(
        *(ensure_set(pool, READ_MODELS, schema="projector", rebuild_outdated=True) for _ in range(2))
    )
    assert sorted(made) == [Made.ANEW, Made.FOUND]
    assert await pool.fetchval("SELECT to_regclass('of_an_older_version')") is None
    assert not any((await tables(pool, positions=True)).values())
    await feed(pool, log)
    assert await tables(pool) == before


async def test_copies_that_start_together_make_the_tables_once(
    pool: Pool, admin: Pool, service_database: "Provisioned"
) -> None:
    """One makes them, the others find them; and a second set fits beside the first, in another schema."""
    await admin.execute("CREATE SCHEMA shadow AUTHORIZATION projector")
    dsn = service_database.services["projector"]
    async with await open_pool(dsn, name="test", size=3, schema="shadow") as shadow:
        made = await asyncio.gather(*(ensure_set(shadow, READ_MODELS, schema="shadow") for _ in range(3)))
        assert sorted(made) == [Made.FOUND, Made.FOUND, Made.NEW]
        await feed(shadow, records(a_long_story().facts), slot="shadow")
        assert (await tables(shadow))["accounts"]
    assert not (await tables(pool))["accounts"]
