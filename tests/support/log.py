"""The log as tests see it: publish facts, read everything back, wait for what must come."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas import codec, ids
from schemas.canonical import canonical_email
from schemas.codec import Event
from schemas.facts import (
    AccountFact,
    AccountRequested,
    ClaimRef,
    Fact,
    IfExists,
    ProjectSnapshot,
    RequestedPersonal,
)
from services.common.producer import LogProducer
from services.common.records import Message


def project_snapshot(**changes: Any) -> ProjectSnapshot:
    """A course that goes on for years."""
    project_id = uuid4()
    fields: dict[str, Any] = {
        "project_id": project_id,
        "name": "Parallel programming",
        "slug": f"course-{project_id.hex[:8]}",
        "start_date": datetime(2026, 1, 1, tzinfo=UTC).date(),
        "end_date": datetime(2099, 12, 31, tzinfo=UTC).date(),
    }
    return ProjectSnapshot(**{**fields, **changes})


def requested(
    project: ProjectSnapshot, email: str, *, import_id: UUID, row: int = 1, **if_exists: Any
) -> AccountRequested:
    """The claim of one row."""
    canonical = canonical_email(email)
    return AccountRequested(
        account_id=ids.account_id(project.project_id, canonical),
        claim=ClaimRef(request_id=ids.request_id(import_id, row, 0), import_id=import_id, row=row),
        line=row + 1,
        if_exists=IfExists(**if_exists),
        project=project,
        requested_by="manager",
        personal=RequestedPersonal(email=email, canonical_email=canonical),
    )


class Log:
    """One topic of the run's broker."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self.bootstrap = bootstrap
        self.topic = topic

    async def publish(self, facts: Sequence[Fact]) -> None:
        """Publish facts as their services would."""
        now = datetime.now(UTC)
        await self.publish_raw([codec.encode(fact, source="test", time=now) for fact in facts])

    async def publish_raw(self, records: Sequence[codec.Encoded]) -> None:
        """Publish encoded records, whatever they hold."""
        async with LogProducer(bootstrap=self.bootstrap, client_id="test") as producer:
            await producer.publish(self.topic, [Message(*record) for record in records])

    async def events(self) -> list[Event]:
        """All that can be read of what lies in the topic now, in order within each partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = [
                TopicPartition(self.topic, number) for number in await _partitions(consumer, self.topic)
            ]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            found: list[Event] = []
            while any([await consumer.position(here) < ends[here] for here in partitions]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        try:
                            found.append(codec.decode(record.headers, record.value))
                        except codec.Unreadable:
                            continue
            return found
        finally:
            await consumer.stop()

    async def outcomes(self) -> dict[UUID, list[AccountFact]]:
        """The provisioner's facts per account; later duplicates of a version are dropped."""
        found: defaultdict[UUID, dict[int, AccountFact]] = defaultdict(dict)
        for event in await self.events():
            if isinstance(event.fact, AccountFact):
                found[event.fact.account_id].setdefault(event.fact.account_version, event.fact)
        return {account: list(versions.values()) for account, versions in found.items()}

    async def wait_for(
        self, enough: Callable[[dict[UUID, list[AccountFact]]], bool], *, within_s: float = 30.0
    ) -> dict[UUID, list[AccountFact]]:
        """Read the outcomes again and again until they are enough."""
        deadline = time.monotonic() + within_s
        while True:
            outcomes = await self.outcomes()
            if enough(outcomes):
                return outcomes
            assert time.monotonic() < deadline, f"not enough after {within_s} s: {_summary(outcomes)}"
            await asyncio.sleep(0.05)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    found = consumer.partitions_for_topic(topic)
    if not found:
        consumer.subscribe([topic])
        await consumer.getmany(timeout_ms=1)
        found = consumer.partitions_for_topic(topic)
        consumer.unsubscribe()
    return sorted(found or ())


def _summary(outcomes: dict[UUID, list[AccountFact]]) -> dict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for facts in outcomes.values():
        counts[type(facts[-1]).__name__] += 1
    return dict(counts)
