"""Ends of courses and the report as rows: begun once, moved by an extension, looked at until nothing is open."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from schemas.facts import AccountClosed, AccountCloseRequested, ClaimRef
from schemas.projects import CourseProject
from services.common.database import Pool, transaction
from services.common.records import TopicPartition
from services.provisioner.account import (
    Account,
    Change,
    Closed,
    Closing,
    Erred,
    Ok,
    Order,
    Pending,
    Standing,
    Stored,
    evolve,
)
from services.provisioner.courses import endings, store
from services.provisioner.courses.reading import NEVER
from services.provisioner.courses.report import Report, Unclosed
from services.provisioner.jobs import store as jobs
from services.provisioner.jobs.order import JobOrder
from services.provisioner.store import accounts

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
TOPIC = "projects"
COURSE = CourseProject(project_id=UUID(int=7), name="Algebra", slug="algebra", ends_at=NOW)
ORDER = Order("ada@example.org", "course", "manager", None, b"{}")


async def describe(pool: Pool, *projects: CourseProject, now: datetime = NOW - A_MINUTE) -> set[UUID]:
    """Read descriptions; which were news."""
    async with transaction(pool) as connection:
        return await store.put(connection, list(projects), zone=UTC, now=now)


async def read_to(pool: Pool, moment: datetime, partition: int = 0) -> None:
    """The topic was read to the end it had then."""
    async with transaction(pool) as connection:
        await store.note_unread(connection, {TopicPartition(TOPIC, partition): 0}, as_of=NEVER)
        await connection.execute("UPDATE positions SET as_of = $1 WHERE partition = $2", moment, partition)


async def begin(pool: Pool) -> endings.Begun | None:
    """Begin an end, as one copy."""
    async with transaction(pool) as connection:
        return await endings.begin(connection, TOPIC, range(12), now=NOW)


async def remember(pool: Pool, *standings: Standing, partition: int = 3) -> list[UUID]:
    """Store accounts of the course; their ids."""
    claims = [ClaimRef(request_id=uuid4(), import_id=UUID(int=1), row=1) for _ in standings]
    before = [Account(uuid4(), COURSE.project_id, claim, ORDER) for claim in claims]
    after = [replace(b, standing=s, version=1) for b, s in zip(before, standings, strict=True)]
    async with transaction(pool) as connection:
        await accounts.insert_new(connection, [Stored(account, partition) for account in before])
        await accounts.rewrite(connection, [Change(b, a) for b, a in zip(before, after, strict=True)])
    return [account.account_id for account in before]


async def test_an_end_is_begun_once_and_only_when_the_topic_was_read_beyond_it(pool: Pool) -> None:
    """Neither before it, nor while one partition is behind, nor by two copies; an older description is no news."""
    assert await describe(pool, COURSE) == {COURSE.project_id}
    assert await begin(pool) is None
    await read_to(pool, NOW)
    await read_to(pool, NOW - timedelta(microseconds=1), partition=1)
    assert await begin(pool) is None
    await read_to(pool, NOW, partition=1)
    found = await asyncio.gather(begin(pool), begin(pool))
    assert [one for one in found if one] == [endings.Begun(COURSE.project_id, deleted=False)]
    renamed = replace(COURSE, name="Algebra I", revision=2)
    assert await describe(pool, renamed) == {COURSE.project_id}
    assert await describe(pool, replace(COURSE, ends_at=NOW + A_MINUTE)) == set()
    assert await begin(pool) is None


async def test_what_was_read_late_is_not_over_before_it_is_read_beyond(pool: Pool) -> None:
    """A deletion, or an end in the past, may be taken back by the very next record."""
    long_ago = replace(COURSE, ends_at=NOW - timedelta(days=9))
    gone = replace(COURSE, project_id=UUID(int=8), status="deleted")
    await describe(pool, long_ago, gone, now=NOW)
    await read_to(pool, NOW - timedelta(microseconds=1))
    assert await begin(pool) is None
    await read_to(pool, NOW)
    assert {one.deleted for one in [await begin(pool), await begin(pool)] if one} == {True, False}


async def test_an_extension_drops_what_was_ordered_and_not_begun(pool: Pool) -> None:
    """Neither looks nor parts of the job are left; the next end is another one."""
    await remember(pool, Ok("ada"))
    await describe(pool, COURSE)
    await read_to(pool, NOW)
    assert await begin(pool)
    async with transaction(pool) as connection:
        due = await endings.take(connection, range(12), now=NOW)
        assert [ending.partition for ending in due] == list(range(12))
        assert await endings.open_accounts(connection, COURSE.project_id, [3, 4]) == {3: (1, 0)}
        order = JobOrder(
            action="close", author="", cause="course_ended", project_id=COURSE.project_id, partitions=[3]
        )
        job_id = await jobs.create(connection, order, now=NOW)
        await endings.put_off(connection, due[3], job_id, due_at=NOW)
        assert 3 not in [e.partition for e in await endings.take(connection, range(12), now=NOW)]
    await describe(pool, replace(COURSE, ends_at=NOW + A_MINUTE, revision=2))
    async with transaction(pool) as connection:
        assert await endings.take(connection, range(12), now=NOW + A_MINUTE) == []
        job = await jobs.find(connection, job_id)
        assert job is not None
        assert (job.state, job.dropped) == ("cancelled", 1)
    assert await begin(pool) is None
    await read_to(pool, NOW + A_MINUTE)
    assert await begin(pool)


async def test_another_time_zone_moves_the_ends_of_days(pool: Pool) -> None:
    """An exact end stays; a day ends where the site is now, and what was begun too early is begun anew."""
    day = CourseProject(project_id=UUID(int=6), name="B", slug="b", end_date=NOW.date() - timedelta(days=1))
    await describe(pool, COURSE, day)
    await read_to(pool, NOW)
    assert await begin(pool)
    assert await begin(pool)
    async with transaction(pool) as connection:
        assert await store.settle_zone(connection, UTC) == 0
        assert await store.settle_zone(connection, ZoneInfo("Etc/GMT+12")) == 1
        terms = await store.terms(connection)
        due = await endings.take(connection, range(12), now=NOW)
    assert terms[day.project_id].over_from == NOW
    assert terms[COURSE.project_id].over_from == NOW
    assert {ending.project_id for ending in due} == {COURSE.project_id}
    assert await begin(pool) == endings.Begun(day.project_id, deleted=False)


async def test_the_report_lists_the_oldest_first_and_forgets_what_is_closed(pool: Pool) -> None:
    """What is closing, tried again, given up and not asked for; not what failed for certain or is being made."""
    [asked] = await remember(pool, Ok("ada"))
    retrying, given_up = await remember(
        pool,
        Closing("bob", 1, NOW, "CLOSE_BUSY", cause="undo"),
        Closing("eve", 3, None, "CLOSE_REFUSED", cause="correction"),
    )
    existing, doubtful = await remember(pool, Ok("joe"), Erred("OUTCOME_UNKNOWN", 12, effect_unknown=True))
    await remember(pool, Erred("REFUSED", 1, effect_unknown=False), Pending(), Closed())
    await describe(pool, COURSE)
    report = Report(pool, now=lambda: NOW)
    asked_at = NOW - timedelta(hours=1)
    async with transaction(pool) as connection:
        [stored] = (await accounts.load(connection, [asked])).values()
        fact = AccountCloseRequested(
            account_id=asked, account_version=2, claim=stored.account.creator, cause="course_ended"
        )
        closing = evolve(stored.account, fact)
        assert closing is not None
        await accounts.rewrite(connection, [Change(stored.account, closing)], asked={asked: asked_at})

    found = await report.page(None, None, limit=10)
    by_id = {one.account_id: one for one in found}
    assert found == sorted(found, key=lambda one: (one.since, one.account_id))
    assert by_id.keys() == {asked, retrying, given_up, existing, doubtful}
    assert by_id[asked] == Unclosed(
        asked, COURSE.project_id, "Algebra", "closing", "course_ended", asked_at, 0, None, None
    )
    assert [by_id[i].state for i in (retrying, given_up, existing)] == ["retrying", "given_up", "not_asked"]
    assert [by_id[i].cause for i in (retrying, given_up, existing)] == ["undo", "correction", "course_ended"]
    assert by_id[existing].since == NOW
    assert await report.total([COURSE.project_id]) == 5
    assert await report.total([UUID(int=99)]) == await report.total([]) == 0
    first = await report.page(None, None, limit=2)
    rest = await report.page(None, (first[-1].since, first[-1].account_id), limit=10)
    assert [*first, *rest] == found

    async with transaction(pool) as connection:
        [stored] = (await accounts.load(connection, [asked])).values()
        closed = evolve(
            stored.account,
            AccountClosed(account_id=asked, account_version=3, claim=stored.account.creator),
        )
        assert closed is not None
        await accounts.record(connection, [Change(stored.account, closed)])
    assert await report.total() == 4
    assert await pool.fetchval("SELECT count(*) FROM closings") == 2
    await report.measure()
