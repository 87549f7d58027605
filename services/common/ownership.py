"""The partitions a consumer owns: where it reads, where they end, what it told the group."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from aiokafka import TopicPartition as KafkaPartition
from aiokafka.errors import KafkaError

from services.common.continuity import Continuity, starting_points
from services.common.fingerprints import compare, to_compare
from services.common.records import WAY_OUT, LogDamaged, Record, RecordHandler, TopicPartition

_ASK_S = 15.0  # aiokafka asks for ever when a partition does not exist

RecordsAt = Callable[[Mapping[TopicPartition, int]], Awaitable[Mapping[TopicPartition, Record]]]
"""Reads the record at one offset of each partition; one that is gone is left out."""


class Ownership:
    """What one assignment of the group came to. Empty until `locate` has succeeded."""

    def __init__(self, sparse: Collection[str], records_at: RecordsAt) -> None:
        self._sparse = frozenset(sparse)
        self._records_at = records_at
        self.partitions: frozenset[TopicPartition] = frozenset()
        self.continuity = Continuity(sparse)
        self.ends: dict[TopicPartition, int] = {}
        self._latest: dict[TopicPartition, int] = {}
        self._hinted: dict[TopicPartition, int] = {}
        self._gaps: dict[TopicPartition, int] = {}

    def take_over(self, partitions: Collection[Any]) -> None:
        """Own these partitions; nothing is admitted before `locate`."""
        self.partitions = frozenset(TopicPartition(p.topic, p.partition) for p in partitions)
        self.forget()

    def forget(self) -> None:
        """Admit nothing until `locate`."""
        self.continuity.forget()
        self._latest.clear()
        self.ends.clear()

    async def locate(self, consumer: Any, handler: RecordHandler) -> None:
        """Read the stored positions, compare them with the log, and seek.

        Raises:
            LogDamaged: the log does not reach from the stored position on, or is not the one that was read.
        """
        own = _known(self.partitions)
        stored = await handler.positions(self.partitions)
        async with asyncio.timeout(_ASK_S):
            begins = _typed(await consumer.beginning_offsets(own))
            ends = _typed(await consumer.end_offsets(own))
        points = starting_points(stored, begins, ends, self._sparse)
        last_read = to_compare(stored, begins)
        compare(stored, last_read, await self._records_at(last_read), self._sparse)
        for here, offset in points.items():
            consumer.seek(KafkaPartition(*here), offset)
        self.continuity.begin(points)
        self.ends = dict(ends)
        self._latest = dict(ends)
        self._hinted.clear()

    async def observe(self, consumer: Any) -> None:
        """Ask where the partitions end now.

        Raises:
            LogDamaged: one ends before what was handled of it.
            KafkaError, TimeoutError: no answer.
        """
        handled = dict(self.continuity.next_offsets)  # before asking, or a moving log looks damaged
        if not handled:
            return
        async with asyncio.timeout(_ASK_S):
            self._latest = _typed(await consumer.end_offsets(_known(handled)))
        for here, offset in handled.items():
            if self._latest[here] < offset:
                raise LogDamaged(
                    f"{here.topic}/{here.partition} ends before offset {offset}, which was handled"
                )

    async def hint(self, consumer: Any, timeout_s: float) -> None:
        """Commit positions to the group so that Kafka's tools show the lag; failures do not matter."""
        done = {h: o for h, o in self.continuity.next_offsets.items() if o != self._hinted.get(h, 0)}
        if not done:
            return
        with contextlib.suppress(KafkaError, TimeoutError, OSError):
            async with asyncio.timeout(timeout_s):
                await consumer.commit({KafkaPartition(*here): offset for here, offset in done.items()})
            self._hinted.update(done)

    def check_gaps(self, gaps: Mapping[TopicPartition, int]) -> None:
        """Remember jumps; the same jump again, after seeking back, is damage.

        Raises:
            LogDamaged: it is.
        """
        for here, found in gaps.items():
            missing = self.continuity.next_offsets[here]
            if self._gaps.get(here) == missing:
                raise LogDamaged(
                    f"{here.topic}/{here.partition}: offsets {missing} to {found - 1} are missing. {WAY_OUT}"
                )
            self._gaps[here] = missing

    def caught_up(self, partition: TopicPartition) -> bool:
        """Whether all that was there at assignment has been handled."""
        position = self.continuity.next_offsets.get(partition)
        return position is not None and position >= self.ends[partition]

    def lag(self, consumer: Any = None) -> dict[TopicPartition, int]:
        """Records ahead, by what brokers said last; with a consumer, also by what it fetched last."""
        found: dict[TopicPartition, int] = {}
        for here, position in self.continuity.next_offsets.items():
            end = self._latest.get(here, position)
            if consumer is not None:
                with contextlib.suppress(AssertionError):  # no longer assigned
                    end = max(end, consumer.highwater(KafkaPartition(*here)) or 0)
            found[here] = max(0, end - position)
        return found


async def ends_of(consumer: Any, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """Ask where partitions end now, ours or not.

    Raises:
        KafkaError, TimeoutError: no answer.
    """
    async with asyncio.timeout(_ASK_S):
        return _typed(await consumer.end_offsets(_known(partitions)))


def _known(partitions: Collection[TopicPartition]) -> list[Any]:
    return [KafkaPartition(*here) for here in partitions]


def _typed(offsets: Mapping[Any, int]) -> dict[TopicPartition, int]:
    return {TopicPartition(p.topic, p.partition): offset for p, offset in offsets.items()}
