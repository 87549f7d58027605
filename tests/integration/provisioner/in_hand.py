"""A provisioner without Kafka and callers, and the one partition it works on."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from schemas import codec
from schemas.facts import Fact
from services.common.database import Pool
from services.common.records import Record, TopicPartition
from services.provisioner.courses.courses import Courses
from services.provisioner.intake.handler import Intake
from services.provisioner.intake.reading import Reader
from services.provisioner.retry import RetryPolicy, Rule
from services.provisioner.work.claiming import Claimer
from services.provisioner.work.desk import Desk, Item
from services.provisioner.work.recording import Recorder
from services.provisioner.work.stops import Stops

HERE = TopicPartition("log", 0)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Copy:
    """One provisioner without Kafka and callers: records are handed in, items are taken out, by the test."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.offset = 0
        self.seconds = 0.0
        self.end = 0
        self.desk = Desk(lease_seconds=3600, concurrency=50, clock=lambda: self.seconds)
        self.desk.follow(ends=lambda: {HERE: self.end}, caught_up=lambda _: self.end <= self.offset)
        self.stops = Stops(pool=pool, clock=lambda: 0.0)
        reader = Reader()
        self.intake = Intake(
            pool=pool,
            reader=reader,
            desk=self.desk,
            stopped=self.stops,
            now=lambda: NOW,
            chunk_rows=10,
            decided=lambda: None,
        )
        self.claimer = Claimer(
            pool=pool,
            desk=self.desk,
            stops=self.stops,
            courses=Courses(now=lambda: NOW),
            recorded=reader.recorded,
            now=lambda: NOW + timedelta(seconds=self.seconds),
            decided=lambda: None,
        )
        self.recorder = Recorder(
            pool=pool,
            desk=self.desk,
            stops=self.stops,
            policy=RetryPolicy({"AWAY": Rule(first=0.001, attempts=None)}),
            recorded=reader.recorded,
            now=lambda: NOW,
            jitter=lambda: 0.0,
            decided=lambda: None,
        )

    async def own(self) -> None:
        """The partition is ours, or its position was read again."""
        await self.intake.positions([HERE])
        await self.intake.assigned([HERE])

    async def read(self, facts: Sequence[Fact]) -> None:
        """The next records of the log."""
        records = []
        for fact in facts:
            encoded = codec.encode(fact, source="test", time=NOW)
            records.append(
                Record("log", 0, self.offset, 0, encoded.key, tuple(encoded.headers), encoded.value)
            )
            self.offset += 1
        await self.intake.handle(records)

    def in_hand(self) -> list[Item]:
        """All that callers would find now."""
        return self.desk._singles.waiting()

    async def take(self, count: int) -> list[Item]:
        """What callers take."""
        async with asyncio.timeout(5):
            return [await self.desk.take() for _ in range(count)]
