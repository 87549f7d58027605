"""Imports asked for on a topic: same rules as files, once for each key, and an answer either way."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.facts import AccountRequested, ImportAccepted, RowsSkipped
from schemas.ids import requested_import_id
from schemas.requests import AccountWish, ImportRequested, encode_request
from services.common.database import open_pool
from services.common.producer import LogProducer
from services.common.records import Confirmed, Message, Record, TopicPartition
from services.importer.domain.policy import AddressPolicy
from services.importer.projects.store import Projects
from services.importer.requests.handler import RequestsHandler
from services.importer.requests.letters import Letters
from tests.integration.importer.support import (
    COURSE,
    ENDED,
    TODAY,
    Clock,
    Running,
    Site,
    publish_projects,
    read_all,
    running,
    until,
)
from tests.integration.importer.test_cancel_and_undo import facts_of
from tests.integration.importer.test_submissions import Crash, all_published
from tests.support.topics import Topics

SOURCE = "student-records"
PEOPLE = (
    AccountWish(email="ada@example.org", description="one"),
    AccountWish(email="nobody"),
    AccountWish(email="ADA@example.org"),
    AccountWish(email="bob@example.org"),
)


@pytest.fixture
async def topics(topic_factory: Topics) -> dict[str, str]:
    """Names of the topic that is asked on, and of the one that answers."""
    return {
        "requests_topic": await topic_factory(3, name="requests"),
        "dead_letters_topic": await topic_factory(3, name="dead"),
    }


def wish(**changes: Any) -> ImportRequested:
    """A request for the course."""
    return ImportRequested(
        **{"project": COURSE.project_id, "idempotency_key": "k", "accounts": PEOPLE, **changes}
    )


def message(
    wish: ImportRequested, *, source: str = SOURCE, event_id: str | None = None, key: bytes = b"k"
) -> Message:
    """As a sender would send it."""
    return Message(
        *encode_request(
            wish, event_id=event_id or uuid4().hex, source=source, time=datetime.now(UTC), key=key
        )
    )


async def ask(site: Site, topic: str, messages: Sequence[Message]) -> None:
    """Send requests."""
    async with LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
        await producer.publish(topic, messages)


@asynccontextmanager
async def reading(site: Site, topics: Mapping[str, str]) -> AsyncIterator[Running]:
    """An importer that reads requests of two sources."""
    allowed = {SOURCE: [COURSE.project_id, ENDED.project_id, UUID(int=99)], "other": "*"}
    async with running(site, changes={**topics, "request_sources": allowed}) as importer:
        yield importer


async def letters(site: Site, topics: Mapping[str, str], count: int) -> dict[str, Any]:
    """All dead letters, by their code, once there are so many."""

    async def enough() -> list[Any] | None:
        found = await read_all(site.kafka, topics["dead_letters_topic"])
        return found if len(found) >= count else None

    found = await until(enough)
    assert len(found) == count
    return {dict(record.headers)["x-error-code"].decode(): record for record in found}


async def test_a_request_becomes_an_import_once(site: Site, topics: dict[str, str]) -> None:
    """Rows as in a file; the same key again, from another partition, under another event id, is the same import."""
    event = uuid4()
    again = [message(wish(), key=key.encode()) for key in "abcd"]
    await ask(site, topics["requests_topic"], [message(wish(), event_id=str(event))])
    async with reading(site, topics):

        async def accepted() -> bool:
            return bool(await facts_of(site, ImportAccepted))

        await until(accepted)
        await ask(site, topics["requests_topic"], again)
        marker = message(wish(idempotency_key="other", submitted_by="registrar"), source="other")
        await ask(site, topics["requests_topic"], [marker._replace(key=key.encode()) for key in "abcd"])

        async def both() -> bool:
            return len(await facts_of(site, ImportAccepted)) == 2

        await until(both)
        await all_published(site)
        assert await read_all(site.kafka, topics["dead_letters_topic"]) == []
    by_id = {fact.import_id: fact for fact in await facts_of(site, ImportAccepted)}
    import_id = requested_import_id(SOURCE, "k")
    first, second = by_id[import_id], by_id[requested_import_id("other", "other")]
    assert (first.source, first.author, first.rows, first.requested) == ("topic", SOURCE, 4, 2)
    assert (first.project, first.fingerprint, second.author) == (COURSE.snapshot(), None, "registrar")
    raw = await read_all(site.kafka, site.log)
    [acceptance] = [dict(r.headers) for r in raw if dict(r.headers)["ce_id"] == str(first.event_id).encode()]
    assert (acceptance["ce_correlationid"], acceptance["ce_causationid"]) == (
        str(import_id).encode(),
        str(event).encode(),
    )
    asked = [fact for fact in await facts_of(site, AccountRequested) if fact.claim.import_id == import_id]
    assert sorted((fact.claim.row, fact.personal.email) for fact in asked) == [
        (1, "ada@example.org"),
        (4, "bob@example.org"),
    ]
    skipped = [fact for fact in await facts_of(site, RowsSkipped) if fact.import_id == import_id]
    assert [(row.row, row.verdict, row.duplicate_of) for fact in skipped for row in fact.rows] == [
        (2, "invalid", None),
        (3, "duplicate", 1),
    ]


async def test_what_cannot_be_taken_is_answered_and_kept(site: Site, topics: dict[str, str]) -> None:
    """Each refusal once, as it came, with where it lay and why; nothing of it is created."""
    good = message(wish(import_id=UUID(int=7)))
    bad = {
        "BAD_FACT": good._replace(value=b'{"project": 3}'),
        "NO_TYPE": good._replace(headers=[("ce_id", b"1")]),
        "BAD_ENVELOPE": good._replace(headers=[h for h in good.headers if h[0] != "ce_source"]),
        "SOURCE_NOT_ALLOWED": message(wish(), source="stranger"),
        "PROJECT_ENDED": message(wish(project=ENDED.project_id)),
        "PROJECT_UNKNOWN": message(wish(project=UUID(int=99), idempotency_key="u")),
        "IMPORT_ID_TAKEN": message(wish(import_id=UUID(int=7), idempotency_key="another"), event_id="e-7"),
    }
    await ask(site, topics["requests_topic"], [good, *bad.values()])
    async with reading(site, topics):
        found = await letters(site, topics, len(bad))
    assert set(found) == set(bad)
    taken = dict(found["IMPORT_ID_TAKEN"].headers)
    assert (found["IMPORT_ID_TAKEN"].value, found["IMPORT_ID_TAKEN"].key) == (
        bad["IMPORT_ID_TAKEN"].value,
        b"k",
    )
    assert (taken["ce_id"], taken["x-original-topic"]) == (b"e-7", topics["requests_topic"].encode())
    assert (taken["x-original-offset"], taken["x-original-partition"].isdigit()) == (b"7", True)
    assert taken["x-error-message"].endswith(b".")
    assert [fact.import_id for fact in await facts_of(site, ImportAccepted)] == [UUID(int=7)]
    pool = await open_pool(site.dsn, name="tests", size=1, schema="importer")
    async with pool:
        kept = {row["code"]: row["value"] for row in await pool.fetch("SELECT code, value FROM parked")}
    assert kept == {code: message.value for code, message in bad.items()}


class DyingProducer:
    """Publishes, and dies before anybody learns."""

    def __init__(self, producer: LogProducer) -> None:
        self._producer = producer

    async def publish(
        self, topic: str, messages: Sequence[Message], *, small: bool = False
    ) -> list[Confirmed]:
        """Publish, then die."""
        await self._producer.publish(topic, messages)
        raise Crash


async def test_crashes_and_twins_change_nothing(site: Site, topics: dict[str, str]) -> None:
    """A handler that dies before its commit leaves nothing; one that wakes late loses; an answer is repeated alike."""
    async with running(site):
        pass  # tables and projects are there
    pool = await open_pool(site.dsn, name="tests", size=3, schema="importer")
    topic = topics["requests_topic"]

    def record(sent: Message, offset: int) -> Record:
        return Record(topic, 0, offset, 1, sent.key, tuple(sent.headers), sent.value)

    dies = True

    async def known() -> None:
        return None

    class DyingClock(Clock):
        def __call__(self) -> datetime:
            if dies and len(calls) == 1:
                raise Crash
            calls.append(1)
            return super().__call__()

    calls: list[int] = []
    records = [record(message(wish()), 0), record(message(wish(), source="stranger"), 1)]
    async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:

        def handler(clock: Clock) -> RequestsHandler:
            return RequestsHandler(
                pool,
                Projects(pool),
                allowed={SOURCE: "*"},
                policy=AddressPolicy(),
                max_rows=10,
                clock=clock,
                local_now=lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC),
                projects_known=known,
                stored=lambda: None,
            )

        first, twin = handler(DyingClock()), handler(Clock())
        with pytest.raises(Crash):
            await first.handle(records)
        assert await pool.fetchval("SELECT count(*) FROM imports") == 0
        dies = False
        await first.handle(records)
        with pytest.raises(Exception, match="moved by somebody else"):
            await twin.handle(records)
        assert await twin.positions([TopicPartition(topic, 0)]) == {TopicPartition(topic, 0): 2}
        await twin.handle([record(message(wish()), 2)])
        assert await pool.fetchval("SELECT count(*) FROM imports") == 1
        assert await pool.fetchval("SELECT count(*) FROM draft_rows") == 4
        with pytest.raises(Crash):
            await Letters(pool, DyingProducer(producer), topic=topics["dead_letters_topic"]).step()
        sending = Letters(pool, producer, topic=topics["dead_letters_topic"])
        assert await sending.step()
        assert not await sending.step()
    sent = await read_all(site.kafka, topics["dead_letters_topic"])
    assert len(sent) == 2
    assert (sent[0].value, sent[0].headers) == (sent[1].value, sent[1].headers)


async def test_a_project_published_just_before_is_waited_for(site: Site, topics: dict[str, str]) -> None:
    """Reference data and request travel on different topics: the request may come first."""
    new = replace(COURSE, project_id=UUID(int=99), name="New")
    async with reading(site, topics):
        await ask(site, topics["requests_topic"], [message(wish(project=new.project_id))])
        await publish_projects(site, [new])

        async def accepted() -> bool:
            return bool(await facts_of(site, ImportAccepted))

        await until(accepted)
