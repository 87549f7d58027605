"""Reading the log for a replay: our own assignment, no group, nothing committed, up to a place and not beyond."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition

from services.common.continuity import Continuity, starting_points
from services.common.fingerprints import compare, to_compare
from services.common.records import LogDamaged, Record, TopicPartition
from services.common.single_reads import records_at

_ASK_S = 15.0
_WAIT_MS = 200

Places = Mapping[TopicPartition, int]


class LogReader:
    """Reads given partitions from given offsets on."""

    def __init__(self, bootstrap: str, topics: Sequence[str], *, sparse: Sequence[str]) -> None:
        """Prepare a reader; nothing is read before `start`.

        Args:
            bootstrap: "host:port", several separated by commas.
            topics: all of whose partitions are read.
            sparse: topics that may have holes.
        """
        self._bootstrap = bootstrap
        self._sparse = sparse
        self._continuity = Continuity(sparse)
        self._consumer = AIOKafkaConsumer(
            *topics,
            bootstrap_servers=bootstrap,
            client_id="course-accounts.replay",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # only until `seek`; after it a missing offset is damage
            max_partition_fetch_bytes=8 * 1024 * 1024,
            fetch_max_wait_ms=100,
            request_timeout_ms=15_000,
        )

    async def start(self) -> None:
        """Connect, and take all partitions: without a group nobody shares them.

        Raises:
            KafkaError: no broker answers.
        """
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect."""
        await self._consumer.stop()

    @property
    def partitions(self) -> list[TopicPartition]:
        """What is read."""
        return [TopicPartition(p.topic, p.partition) for p in self._consumer.assignment()]

    async def begins(self) -> dict[TopicPartition, int]:
        """Where each partition begins."""
        async with asyncio.timeout(_ASK_S):
            return _typed(await self._consumer.beginning_offsets(self._own()))

    async def ends(self) -> dict[TopicPartition, int]:
        """Where each partition ends now."""
        async with asyncio.timeout(_ASK_S):
            return _typed(await self._consumer.end_offsets(self._own()))

    async def at(self, time: datetime) -> dict[TopicPartition, int]:
        """The first offset in each partition that the log took at `time` or later; its end if there is none."""
        stamp = int(time.timestamp() * 1000)
        ends = await self.ends()
        async with asyncio.timeout(_ASK_S):
            found = await self._consumer.offsets_for_times(dict.fromkeys(self._own(), stamp))
        return ends | {
            TopicPartition(p.topic, p.partition): at.offset for p, at in found.items() if at is not None
        }

    async def seek(self, stored: Places) -> dict[TopicPartition, int]:
        """Go on from stored positions; where that is.

        Raises:
            LogDamaged: the log does not reach from there on, or is not the one that was read.
        """
        begins = await self.begins()
        points = starting_points(stored, begins, await self.ends(), self._sparse)
        asked = to_compare(stored, begins)
        found = await records_at(self._bootstrap, asked, sparse=self._sparse, within_s=_ASK_S)
        compare(stored, asked, found, self._sparse)
        for here, offset in points.items():
            self._consumer.seek(KafkaPartition(*here), offset)
        self._continuity.begin(points)
        return points

    async def read(self, limits: Places, *, most: int) -> list[Record]:
        """Up to `most` records before the `limits`; nothing if none is there yet.

        Raises:
            LogDamaged: records are missing.
        """
        wanted = {here for here, limit in limits.items() if self._position(here) < limit}
        if not wanted:
            return []
        self._only(wanted)
        fetched = await self._consumer.getmany(timeout_ms=_WAIT_MS, max_records=most)
        inside = [
            raw
            for place, run in fetched.items()
            for raw in run
            if raw.offset < limits.get(TopicPartition(place.topic, place.partition), 0)
        ]
        records, following, _, gaps = self._continuity.admit(inside)
        for here, found in gaps.items():
            raise LogDamaged(f"{here.topic}/{here.partition} has nothing between what was read and {found}.")
        self._continuity.done(following)
        for place, run in fetched.items():
            limit = limits.get(TopicPartition(place.topic, place.partition), 0)
            if run and run[-1].offset >= limit:
                self._consumer.seek(place, limit)
                # In a topic with holes the last record before the limit may be gone.
                self._continuity.done({TopicPartition(place.topic, place.partition): limit})
        return records

    def done(self, limits: Places) -> bool:
        """Whether all before the `limits` was read."""
        return all(self._position(here) >= limit for here, limit in limits.items())

    def _only(self, wanted: set[TopicPartition]) -> None:
        """Fetch these and nothing else; what is wanted already is left alone, or what was fetched would be lost."""
        paused = {TopicPartition(p.topic, p.partition) for p in self._consumer.paused()}
        own = set(self.partitions)
        if pause := own - wanted - paused:
            self._consumer.pause(*(KafkaPartition(*here) for here in pause))
        if resume := wanted & paused:
            self._consumer.resume(*(KafkaPartition(*here) for here in resume))

    def _position(self, here: TopicPartition) -> int:
        return self._continuity.next_offsets.get(here, 0)

    def _own(self) -> list[Any]:
        return list(self._consumer.assignment())


def _typed(offsets: Mapping[Any, int]) -> dict[TopicPartition, int]:
    return {TopicPartition(p.topic, p.partition): offset for p, offset in offsets.items()}
