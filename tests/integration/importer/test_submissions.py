"""Submitting: what was previewed goes to the log, once, in order, whatever crashes and whoever helps."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from schemas.facts import AccountRequested, ImportAccepted, RowsSkipped
from schemas.ids import account_id, request_id
from schemas.projects import CourseProject
from services.common.database import open_pool
from services.common.producer import LogProducer
from services.common.records import Confirmed, Message, ProducerFailed
from services.importer.publishing.turns import Turns
from tests.integration.importer.support import (
    COURSE,
    TODAY,
    Clock,
    Site,
    View,
    people,
    publish_projects,
    read_all,
    requested_rows,
    running,
    until,
)

MIXED = b"email,description\nada@example.org,one\nnobody,two\nADA@example.org,three\nbob@example.org,four\n"


async def all_published(site: Site) -> None:
    """Wait until no import is unfinished."""
    pool = await open_pool(site.dsn, name="tests", size=1, schema="importer")
    async with pool:

        async def done() -> bool:
            return not await pool.fetchval("SELECT count(*) FROM imports WHERE published_at IS NULL")

        await until(done)


async def test_a_submitted_draft_is_on_the_log_as_previewed(site: Site) -> None:
    """ImportAccepted, RowsSkipped and one AccountRequested a row, each enough by itself; ids as agreed."""
    view = View()
    async with running(site, read_model=view) as importer:
        draft = await importer.preview(MIXED)
        answer = await importer.submit(draft, if_erred="leave")
        assert answer.status_code == 202
        assert answer.headers["location"] == f"/api/course-imports/{draft['uuid']}/"
        assert "x-read-model" not in answer.headers
        status = answer.json()
        assert (status["uuid"], status["state"], status["project_uuid"]) == (
            draft["uuid"],
            "running",
            COURSE.project_id.hex,
        )
        counts = status["counts"]
        assert (counts["rows"], counts["pending"], counts["duplicate"], counts["invalid"]) == (4, 2, 1, 1)
        assert counts["rows"] == sum(value for name, value in counts.items() if name != "rows")
        await all_published(site)
        assert (await importer.draft(draft["uuid"]))["state"] == "submitted"
    import_id = UUID(draft["uuid"])
    events = await site.events()
    [accepted] = [event.fact for _, _, event in events if isinstance(event.fact, ImportAccepted)]
    assert (accepted.import_id, accepted.rows, accepted.requested, accepted.author) == (
        import_id,
        4,
        2,
        "staff",
    )
    assert (accepted.choices.erred, accepted.choices.closed) == ("leave", "reopen")
    assert accepted.project == COURSE.snapshot()
    assert accepted.fingerprint is not None
    assert accepted.fingerprint.sha256 == draft["file"]["sha256"]
    [skipped] = [event.fact for _, _, event in events if isinstance(event.fact, RowsSkipped)]
    assert [(row.row, row.line, row.verdict, row.code, row.duplicate_of) for row in skipped.rows] == [
        (2, 3, "invalid", "EMAIL_NO_AT", None),
        (3, 4, "duplicate", "DUPLICATE", 1),
    ]
    asked = sorted(
        (event.fact for _, _, event in events if isinstance(event.fact, AccountRequested)),
        key=lambda fact: fact.claim.row,
    )
    assert [fact.claim.row for fact in asked] == [1, 4]
    assert asked[0].event_id == request_id(import_id, 1, 0)
    assert asked[0].account_id == account_id(COURSE.project_id, "ada@example.org")
    assert (asked[0].personal.email, asked[0].personal.description) == ("ada@example.org", "one")
    assert (asked[0].project, asked[0].requested_by) == (COURSE.snapshot(), "staff")
    [(place, at)] = [(p, o) for p, o, event in events if isinstance(event.fact, ImportAccepted)]
    assert view.asked == [(site.log, place, at)]


async def test_large_import_is_published_once_and_in_row_order(site: Site) -> None:
    """Several turns: every row once; within a partition rows only rise."""
    async with running(site) as importer:
        draft = await importer.preview(people(10_000))
        assert (await importer.submit(draft)).status_code == 202
        await all_published(site)
    events = await site.events()
    assert sorted(requested_rows(events)) == list(range(1, 10_001))
    for partition in range(3):
        rows = requested_rows([event for event in events if event[0] == partition])
        assert rows == sorted(rows)


async def test_submitting_twice_creates_once(site: Site) -> None:
    """Same key: same answer. Another key, or none: 409 with the place to look. At the same time: one wins."""
    async with running(site) as importer:
        draft = await importer.preview(people(3))
        stale = await importer.submit(draft | {"preview_hash": "0" * 64}, key="s")
        assert (stale.status_code, stale.json()["code"]) == (412, "PREVIEW_CHANGED")
        answers = await asyncio.gather(*[importer.submit(draft, key=key) for key in "aaaab"])
        won = [answer for answer in answers if answer.status_code == 202]
        assert {answer.status_code for answer in answers} <= {202, 409}
        winner = won[0].request.headers["idempotency-key"]
        assert {answer.request.headers["idempotency-key"] for answer in won} == {winner}
        again = await importer.submit(draft, key=winner)
        assert (again.status_code, again.json()) == (202, won[0].json())
        for key in ("another", None):
            refused = await importer.submit(draft, key=key)
            assert (refused.status_code, refused.json()["code"]) == (409, "ALREADY_SUBMITTED")
            assert refused.headers["location"] == f"/api/course-imports/{draft['uuid']}/"
        await all_published(site)
    assert sorted(requested_rows(await site.events())) == [1, 2, 3]


async def test_invalid_rows_may_be_refused(site: Site) -> None:
    """Without skip_invalid a draft with invalid rows is not submitted; with nothing to do it is finished."""
    async with running(site) as importer:
        draft = await importer.preview(b"email\nnobody\n")
        refused = await importer.submit(draft, skip_invalid=False)
        assert (refused.status_code, refused.json()["code"]) == (409, "INVALID_ROWS")
        status = (await importer.submit(draft)).json()
        assert (status["state"], status["counts"]["invalid"], status["counts"]["pending"]) == (
            "finished",
            1,
            0,
        )
        await all_published(site)
    kinds = [type(event.fact) for _, _, event in await site.events()]
    assert kinds == [ImportAccepted, RowsSkipped]


async def test_project_is_looked_at_again_at_submission(site: Site) -> None:
    """A course that ended after the upload takes nobody."""
    async with running(site) as importer:
        draft = await importer.preview(people(2))
        ended = CourseProject(
            project_id=COURSE.project_id,
            revision=2,
            name="Algebra",
            slug="algebra",
            end_date=TODAY.replace(day=1),
        )
        await publish_projects(site, [ended])

        async def known() -> bool:
            return (await importer.upload(people(1))).status_code == 400

        await until(known)
        refused = await importer.submit(draft)
        assert (refused.status_code, refused.json()["code"]) == (400, "PROJECT_ENDED")
    assert await site.events() == []


async def test_an_answer_does_not_wait_for_ever_for_the_read_model(site: Site) -> None:
    """The projector is behind: answered all the same, and the header says so."""
    async with running(site, read_model=View(behind=True)) as importer:
        answer = await importer.submit(await importer.preview(people(2)))
        assert (answer.status_code, answer.headers["x-read-model"]) == (202, "behind")


async def test_the_same_bytes_are_recognised(site: Site) -> None:
    """A file imported before is shown with when and by whom, under whatever name."""
    async with running(site) as importer:
        first = await importer.preview(people(2))
        await importer.submit(first)
        second = (await importer.upload(people(2), name="other.csv")).json()
        assert second["file"]["seen_before"]["uuid"] == first["uuid"]
        assert second["file"]["seen_before"]["created_by"] == "staff"


class Crash(Exception):
    """The process dies here."""


class CrashingProducer:
    """Confirms what it publishes, then dies before anybody learns, at chosen calls."""

    def __init__(self, producer: LogProducer, at: set[int]) -> None:
        self._producer = producer
        self._at = at
        self._calls = 0

    async def publish(
        self, topic: str, messages: Sequence[Message], *, small: bool = False
    ) -> list[Confirmed]:
        """Publish, and perhaps die."""
        confirmed = await self._producer.publish(topic, messages)
        self._calls += 1
        if self._calls in self._at:
            raise Crash
        return confirmed


async def submitted_but_unpublished(site: Site, *files: bytes) -> list[str]:
    """Imports, in this order, of which nothing is on the log: the publisher was dead when they were submitted."""
    async with running(site, read_model=View(behind=True)) as importer:
        drafts = [await importer.preview(data) for data in files]
        await importer.service.tasks.cancel()
        for draft in drafts:
            answer = await importer.submit(draft)
            assert answer.headers["x-read-model"] == "behind"
    return [draft["uuid"] for draft in drafts]


async def test_a_crash_between_log_and_cursor_repeats_the_same_events(site: Site) -> None:
    """Whatever turn dies after its records were confirmed: they come again, to the byte, and nothing is left out."""
    await submitted_but_unpublished(site, people(25) + b"\nnobody,x\nPERSON3@example.org,")
    pool = await open_pool(site.dsn, name="tests", size=2, schema="importer")
    crashes = 0
    async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
        crashing = CrashingProducer(producer, at={1, 3, 5, 6, 8})
        turns = Turns(pool, crashing, topic=site.log, clock=Clock(), rows_a_step=10, steps_a_turn=1)
        while True:
            try:
                if await turns.take() is None:
                    break
            except Crash:
                crashes += 1
    assert crashes == 5
    raw = await read_all(site.kafka, site.log)
    by_id: dict[bytes, set[tuple[bytes, bytes, Any]]] = {}
    for record in raw:
        by_id.setdefault(dict(record.headers)["ce_id"], set()).add((record.key, record.value, record.headers))
    assert all(len(versions) == 1 for versions in by_id.values())
    assert len(by_id) == 1 + 1 + 25
    assert len(raw) > len(by_id)
    assert set(requested_rows(await site.events())) == set(range(1, 26))


async def test_two_publishers_share_the_work_without_repeating(site: Site) -> None:
    """Copies take different imports; together they publish each row once."""
    await submitted_but_unpublished(site, *[people(30, start * 30) for start in range(3)])
    pool = await open_pool(site.dsn, name="tests", size=4, schema="importer")
    async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:

        async def publish_all() -> list[UUID]:
            turns = Turns(pool, producer, topic=site.log, clock=Clock(), rows_a_step=7, steps_a_turn=1)
            served: list[UUID] = []
            while await turns.unfinished():
                if (one := await turns.take()) is not None:
                    served.append(one)
            return served

        both = await asyncio.gather(publish_all(), publish_all())
    assert all(both)
    assert sorted(requested_rows(await site.events())) == sorted([*range(1, 31)] * 3)


async def test_imports_take_turns(site: Site) -> None:
    """A small import submitted after a large one does not wait for it."""
    pool = await open_pool(site.dsn, name="tests", size=2, schema="importer")
    large, small = await submitted_but_unpublished(site, people(100), people(3, 1_000))
    clock = Clock()
    order: list[tuple[str, int]] = []
    async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
        turns = Turns(pool, producer, topic=site.log, clock=clock, rows_a_step=10, steps_a_turn=1)
        while (served := await turns.take()) is not None:
            of_large = await pool.fetchval(
                "SELECT requested_to FROM imports WHERE import_id = $1::uuid", large
            )
            order.append((served.hex, of_large))
            clock.now = clock.now.replace(microsecond=len(order))
    assert order == [(large, 10), (small, 10), (large, 100)]


class HeldProducer:
    """Lets the second call wait until it is told to go on."""

    def __init__(self, producer: LogProducer) -> None:
        self._producer = producer
        self._calls = 0
        self.held, self.go_on = asyncio.Event(), asyncio.Event()

    async def publish(
        self, topic: str, messages: Sequence[Message], *, small: bool = False
    ) -> list[Confirmed]:
        """Publish, perhaps later."""
        self._calls += 1
        if self._calls == 2:
            self.held.set()
            await self.go_on.wait()
        return await self._producer.publish(topic, messages, small=small)


async def test_a_newcomer_waits_for_no_step_of_another_import(site: Site) -> None:
    """While a large import is in the middle of a step a small one is published whole; of a large one the beginning."""
    large, small, other = await submitted_but_unpublished(
        site, people(100), people(3, 1_000), people(100, 2_000)
    )
    pool = await open_pool(site.dsn, name="tests", size=4, schema="importer")
    async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
        slow = HeldProducer(producer)
        turns = Turns(pool, slow, topic=site.log, clock=Clock(), rows_a_step=50)
        newcomers = Turns(pool, producer, topic=site.log, clock=Clock(), rows_a_step=10, newcomers=True)
        turn = asyncio.create_task(turns.take())
        await slow.held.wait()
        served = [await newcomers.take() for _ in range(3)]
        reached = await pool.fetch("SELECT import_id, requested_to FROM imports")
        slow.go_on.set()
        assert (await turn or UUID(int=0)).hex == large
        assert [one and one.hex for one in served] == [small, other, None]
        assert {row["import_id"].hex: row["requested_to"] for row in reached} == {
            large: 0,
            small: 3,
            other: 10,
        }
        while await turns.take() is not None:
            pass
    assert sorted(requested_rows(await site.events())) == sorted([*range(1, 101), 1, 2, 3, *range(1, 101)])


async def test_no_more_than_two_steps_lie_ahead_of_the_read_model(site: Site) -> None:
    """Before the third step is sent the first was passed, and so on."""
    await submitted_but_unpublished(site, people(50))
    pool = await open_pool(site.dsn, name="tests", size=2, schema="importer")
    sent = 0
    waited: list[tuple[int, int]] = []

    class Counting(CrashingProducer):
        async def publish(
            self, topic: str, messages: Sequence[Message], *, small: bool = False
        ) -> list[Confirmed]:
            nonlocal sent
            sent += len(messages)
            return await super().publish(topic, messages, small=small)

    async def near(place: Confirmed) -> None:
        [record] = [
            event.fact
            for partition, offset, event in await site.events()
            if (partition, offset) == (place.partition, place.offset)
        ]
        assert isinstance(record, AccountRequested)
        waited.append((record.claim.row, sent - 1))  # less ImportAccepted

    async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
        counting = Counting(producer, at=set())
        turns = Turns(pool, counting, topic=site.log, clock=Clock(), rows_a_step=10, near=near)
        while await turns.take() is not None:
            pass
    assert waited == [(10, 20), (20, 30), (30, 40)]


class FailingProducer:
    """Never confirms anything."""

    async def publish(
        self, topic: str, messages: Sequence[Message], *, small: bool = False
    ) -> list[Confirmed]:
        """Fail."""
        raise ProducerFailed("told to fail")


async def test_an_unconfirmed_batch_moves_nothing(site: Site) -> None:
    """The cursor stays where it was, and the failure is passed on: the process must end."""
    await submitted_but_unpublished(site, people(3))
    pool = await open_pool(site.dsn, name="tests", size=1, schema="importer")
    async with pool:
        with pytest.raises(ProducerFailed):
            await Turns(pool, FailingProducer(), topic=site.log, clock=Clock()).take()
        assert await pool.fetchval("SELECT accepted_offset IS NULL FROM imports")
        assert await Turns(pool, FailingProducer(), topic=site.log, clock=Clock()).unfinished() == 1


async def test_a_restarted_importer_goes_on(site: Site) -> None:
    """What one process left unpublished the next one publishes, without being asked."""
    await submitted_but_unpublished(site, people(5))

    async with running(site):
        await all_published(site)
    assert sorted(requested_rows(await site.events())) == [1, 2, 3, 4, 5]
