"""Small real things for tests against a broker: topics, plain reading and writing, a handler with a ledger."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import NewTopic

from services.common.consumer import LogConsumer
from services.common.fingerprints import Position, fingerprint
from services.common.records import PositionLost, Record, TopicPartition
from services.common.subscription import Tuning

QUICK = Tuning(
    fetch_max_wait_ms=50,
    session_timeout_ms=6_000,
    heartbeat_interval_ms=200,
    rebalance_timeout_ms=10_000,
    first_back_off_s=0.01,
    longest_back_off_s=0.05,
    observe_every_s=0.2,
    stop_timeout_s=5.0,
)
"""Waits short enough for tests; the broker's smallest session is 6 s."""


def fresh(what: str) -> str:
    """A name nobody used before."""
    return f"test-{what}-{uuid4().hex[:12]}"


async def until(condition: Callable[[], Any], what: str, within_s: float = 20.0) -> None:
    """Wait for progress, with a bound."""
    try:
        async with asyncio.timeout(within_s):
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s: {what}") from None


@dataclass
class Broker:
    """The broker of this run, asked directly."""

    bootstrap: str
    admin: Any
    made: list[str] = field(default_factory=list)

    async def topic(self, partitions: int = 1, **config: str) -> str:
        """Make a topic; setting names with underscores for dots."""
        name = fresh("topic")
        await self.make(name, partitions, **config)
        return name

    async def make(self, name: str, partitions: int = 1, **config: str) -> None:
        """Make a topic of this name and wait until it can be written."""
        settings = {key.replace("_", "."): value for key, value in config.items()}
        answer = await self.admin.create_topics([NewTopic(name, partitions, 1, topic_configs=settings)])
        assert all(not error[1] for error in answer.topic_errors), answer
        self.made.append(name)
        async with asyncio.timeout(20):
            while not await self._led(name, partitions):
                await asyncio.sleep(0.01)

    async def _led(self, name: str, partitions: int) -> bool:
        [topic] = await self.admin.describe_topics([name])
        return [p["leader"] >= 0 for p in topic["partitions"]] == [True] * partitions

    @asynccontextmanager
    async def reader(self, **options: Any) -> AsyncIterator[Any]:
        """A plain aiokafka consumer, not subscribed to anything."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False, **options)
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def writer(self, **options: Any) -> AsyncIterator[Any]:
        """A plain aiokafka producer."""
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, **options)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def write(self, topic: str, *values: bytes | None, partition: int = 0, **options: Any) -> None:
        """Append values to one partition."""
        async with self.writer() as producer:
            for value in values:
                await producer.send_and_wait(topic, value, b"key", partition=partition, **options)

    async def everything(self, topic: str) -> dict[int, list[Any]]:
        """All records of a topic, per partition."""
        async with self.reader() as reader:
            [described] = await self.admin.describe_topics([topic])
            places = [KafkaPartition(topic, p["partition"]) for p in described["partitions"]]
            reader.assign(places)
            await reader.seek_to_beginning(*places)
            ends = await reader.end_offsets(places)
            found: dict[int, list[Any]] = {place.partition: [] for place in places}
            for place in places:
                while await reader.position(place) < ends[place]:
                    for records in (await reader.getmany(place, timeout_ms=1000)).values():
                        found[place.partition].extend(records)
            return found

    async def committed(self, group: str, topic: str, partition: int = 0) -> int | None:
        """What the group has committed, if anything."""
        offsets = await self.admin.list_consumer_group_offsets(group)
        at = offsets.get(KafkaPartition(topic, partition))
        return None if at is None or at.offset < 0 else int(at.offset)


@dataclass
class Ledger:
    """Tables of a service, in memory: rows and positions change together, by compare-and-set."""

    positions: dict[TopicPartition, int] = field(default_factory=dict)
    rows: list[Record] = field(default_factory=list)

    def store(self, records: Sequence[Record]) -> None:
        """Take all records, or none if another owner moved a position."""
        moved = dict(self.positions)
        for record in records:
            here = TopicPartition(record.topic, record.partition)
            if moved.get(here, 0) != record.offset:
                raise PositionLost(f"{here} is at {moved.get(here, 0)}, not {record.offset}")
            moved[here] = Position(record.offset + 1, fingerprint(record))
        self.positions = moved
        self.rows.extend(records)

    def values(self) -> list[bytes | None]:
        """Values in the order they were stored."""
        return [row.value for row in self.rows]


@dataclass
class LedgerHandler:
    """A handler that stores into a ledger; `before` may stand in the way of each batch."""

    ledger: Ledger = field(default_factory=Ledger)
    before: Callable[[Sequence[Record]], Awaitable[None]] | None = None
    calls: list[str] = field(default_factory=list)

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Stored positions."""
        self.calls.append("positions")
        return {p: self.ledger.positions[p] for p in partitions if p in self.ledger.positions}

    async def handle(self, records: Sequence[Record]) -> None:
        """Store a batch."""
        self.calls.append(f"handle {len(records)}")
        if self.before is not None:
            await self.before(records)
        self.ledger.store(records)

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Note it."""
        self.calls.append(f"assigned {sorted(p.partition for p in partitions)}")

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Note it."""
        self.calls.append(f"revoked {sorted(p.partition for p in partitions)}")


@asynccontextmanager
async def consuming(
    broker: Broker, topic: str, handler: LedgerHandler, *, group: str | None = None, **options: Any
) -> AsyncIterator[tuple[LogConsumer, list[BaseException]]]:
    """A started LogConsumer and the fatal errors it told of."""
    fatal: list[BaseException] = []
    consumer = LogConsumer(
        bootstrap=broker.bootstrap,
        topics=[topic],
        group=group or fresh("group"),
        handler=handler,
        on_fatal=fatal.append,
        **{"tuning": QUICK, **options},
    )
    await consumer.start()
    try:
        yield consumer, fatal
    finally:
        await consumer.stop()
