"""The partitions that are ours, and which of them may be worked on: those whose log was read to its end."""

import asyncio
from collections.abc import Callable, Collection, Mapping

from services.common.records import TopicPartition


class Owned:
    """Partitions by number."""

    def __init__(self) -> None:
        self._ours: set[int] = set()
        self._live: set[int] = set()
        self._ends: Callable[[], Mapping[TopicPartition, int]] = dict
        self._caught_up: Callable[[TopicPartition], bool] = lambda _: False
        self.wanted = asyncio.Event()
        """Set when it is worth looking for work."""

    def follow(
        self,
        *,
        ends: Callable[[], Mapping[TopicPartition, int]],
        caught_up: Callable[[TopicPartition], bool],
    ) -> None:
        """Learn from the consumer how far each partition has to be read before work may begin."""
        self._ends, self._caught_up = ends, caught_up

    @property
    def live(self) -> frozenset[int]:
        """Partitions we may work on."""
        return frozenset(self._live)

    @property
    def ours(self) -> frozenset[int]:
        """Partitions that are ours, whether or not we may work on them yet."""
        return frozenset(self._ours)

    @property
    def settled(self) -> bool:
        """Whether all partitions that are ours were read to the end: what was stopped is known."""
        return self._ours <= self._live

    def settled_with(self, live: frozenset[int]) -> bool:
        """Whether it will be so once these are live."""
        return self._ours <= live

    def healing(self, partition: int) -> bool:
        """Whether a partition is ours but not read to its end: the tables may be older than the log."""
        return partition in self._ours and partition not in self._live

    def assign(self, partitions: Collection[TopicPartition]) -> None:
        """These partitions are ours; those with nothing unread are live at once."""
        self._ours = {here.partition for here in partitions}
        self._live = {here.partition for here in partitions if self._caught_up(here)}
        self.look()

    def live_after(self, moves: Mapping[TopicPartition, tuple[int, int]]) -> frozenset[int]:
        """The partitions that are live once the positions have moved so."""
        ends = self._ends()
        reached = {
            here.partition
            for here, (_, following) in moves.items()
            if here in ends and following >= ends[here]
        }
        return frozenset(self._live | reached)

    def now_live(self, partitions: Collection[int]) -> None:
        """Partitions were read to the end: work on them may begin, if they are still ours."""
        if not self._live.issuperset(partitions):
            self._live.update(self._ours.intersection(partitions))
            self.look()

    def look(self) -> None:
        """Say that there may be due work."""
        self.wanted.set()

    def _no_longer(self, partitions: Collection[int]) -> None:
        self._ours.difference_update(partitions)
        self._live.difference_update(partitions)
