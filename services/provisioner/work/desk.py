"""What this process holds in its hands: leased work, in memory, taken turn by turn between imports.

Everything here can be lost at any moment: the chunks are in the database, and their leases run out.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.common.records import TopicPartition
from services.provisioner import metrics
from services.provisioner.account import Stored
from services.provisioner.store.work import Chunk, Lease

_HOLD_S = 0.5
_MOST_IN_HAND = 4000


@dataclass(slots=True, eq=False)
class Held:
    """A chunk in our hands; `left` accounts of it have no outcome yet, `touched` once one was taken."""

    chunk: Chunk
    left: int
    forgotten: bool = False
    touched: bool = False


@dataclass(slots=True, eq=False)
class Item:
    """One account to be called for."""

    stored: Stored
    held: Held

    @property
    def unasked(self) -> bool:
        """Whether, up to now, certainly no call could have made the account."""
        return self.held.chunk.fresh and not self.stored.account.in_doubt


class Desk:
    """Leased work of the partitions that are ours and read to the end."""

    def __init__(self, *, lease_seconds: float, concurrency: int, clock: Callable[[], float]) -> None:
        """An empty desk.

        Args:
            lease_seconds: how long work of a dead process waits for another.
            concurrency: calls under way at once; the desk holds at least twice as much.
            clock: monotonic seconds.
        """
        self.owner = uuid4()
        self._lease = timedelta(seconds=lease_seconds)
        self._least = 2 * concurrency
        self._clock = clock
        self._rate = _Rate(clock)
        self._queues: OrderedDict[UUID, deque[Item]] = OrderedDict()
        self._held: dict[UUID, Held] = {}
        self._in_hand: set[UUID] = set()
        self._available = asyncio.Event()
        self._ours: set[int] = set()
        self._live: set[int] = set()
        self._ends: Callable[[], Mapping[TopicPartition, int]] = dict
        self._caught_up: Callable[[TopicPartition], bool] = lambda _: False
        self.imports_waiting = 0
        """Imports that had due work nobody held, at the last look."""
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

    # Partitions

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

    def forget(self, partitions: Collection[int]) -> set[UUID]:
        """Drop what has not been started of these partitions; what is under way ends by itself.

        Returns the chunks that nobody has touched, now or before.
        """
        untouched: set[UUID] = set()
        self._ours.difference_update(partitions)
        self._live.difference_update(partitions)
        for held in [h for h in self._held.values() if h.chunk.partition in partitions]:
            held.forgotten = True
            if held.chunk.fresh and not held.touched:
                untouched.add(held.chunk.chunk_id)
            del self._held[held.chunk.chunk_id]
        for queue in self._queues.values():
            kept = [item for item in queue if not item.held.forgotten]
            self._in_hand.difference_update(
                item.stored.account.account_id for item in queue if item.held.forgotten
            )
            queue.clear()
            queue.extend(kept)
        return untouched

    def pull(self, import_ids: Collection[UUID]) -> list[Item]:
        """Take out at once all that waits for these imports and that certainly nobody has called for."""
        pulled: list[Item] = []
        for import_id in import_ids:
            queue = self._queues.get(import_id, deque())
            mine = [i for i in queue if i.unasked and i.stored.account.creator.import_id == import_id]
            pulled += mine
            out = set(map(id, mine))
            kept = [item for item in queue if id(item) not in out]
            queue.clear()
            queue.extend(kept)
        return pulled

    # Work

    def lease(self, now: datetime) -> Lease:
        """A lease for work taken at `now`."""
        return Lease(self.owner, now + self._lease)

    def room(self) -> int:
        """How many accounts more may be taken: half a second's work, shared with imports that wait."""
        capacity = max(self._least, min(_MOST_IN_HAND, int(self._rate.per_second() * _HOLD_S)))
        return max(0, capacity - len(self._in_hand)) // (self.imports_waiting + 1)

    def look(self) -> None:
        """Say that there may be due work."""
        self.wanted.set()

    def holds(self, account_id: UUID) -> bool:
        """Whether an account is in our hands, waiting or under way."""
        return account_id in self._in_hand

    def put(self, chunks: Sequence[tuple[Chunk, Sequence[Stored]]]) -> None:
        """Take leased chunks in hand."""
        for chunk, members in chunks:
            held = self._held[chunk.chunk_id] = Held(chunk, len(members))
            queue = self._queues.setdefault(chunk.import_id, deque())
            queue.extend(Item(stored, held) for stored in members)
            self._in_hand.update(stored.account.account_id for stored in members)
        if chunks:
            self._available.set()
        metrics.IN_HAND.set(len(self._in_hand))

    async def take(self) -> Item:
        """The next account, one import after the other; waits until there is one."""
        while True:
            while self._queues:
                import_id, queue = next(iter(self._queues.items()))
                if not queue:
                    del self._queues[import_id]
                    continue
                self._queues.move_to_end(import_id)
                item = queue.popleft()
                item.held.touched = True
                return item
            self._available.clear()
            self.look()
            await self._available.wait()

    def finished(self, items: Collection[Item]) -> list[UUID]:
        """Which chunks have nothing left once these items are recorded; changes nothing."""
        ends: dict[UUID, int] = {}
        for item in items:
            if not item.held.forgotten:
                chunk_id = item.held.chunk.chunk_id
                ends[chunk_id] = ends.get(chunk_id, item.held.left) - 1
        return [chunk_id for chunk_id, left in ends.items() if left == 0]

    def done(self, items: Collection[Item]) -> None:
        """These items are recorded."""
        for item in items:
            self._in_hand.discard(item.stored.account.account_id)
            item.held.left -= 1
            if item.held.left == 0 and not item.held.forgotten:
                self._held.pop(item.held.chunk.chunk_id, None)
        self._rate.add(len(items))
        metrics.IN_HAND.set(len(self._in_hand))
        if len(self._in_hand) * 2 < self._least or self.room() > self._least:
            self.look()


class _Rate:
    """Accounts per second, over the last seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._per_second = 0.0
        self._count = 0
        self._since = clock()

    def add(self, count: int) -> None:
        self._count += count
        span = self._clock() - self._since
        if span >= 0.2:
            weight = min(1.0, span)
            self._per_second += (self._count / span - self._per_second) * weight
            self._count, self._since = 0, self._clock()

    def per_second(self) -> float:
        return self._per_second
