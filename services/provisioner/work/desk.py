"""What this process holds in its hands: leased work, in memory, taken turn by turn between projects and imports.

Everything here can be lost at any moment: the chunks are in the database, and their leases run out.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from services.provisioner import metrics
from services.provisioner.account import Stored
from services.provisioner.store.work import Chunk, Lease, Room
from services.provisioner.work.arrays import Arrays
from services.provisioner.work.hands import Hands
from services.provisioner.work.owned import Owned
from services.provisioner.work.room import Pace, room_of
from services.provisioner.work.turns import Held, Item, Turns

__all__ = ["Desk", "Held", "Item"]

_LINGER_S = 0.004


class Desk(Owned, Hands):
    """Leased work of the partitions that are ours and read to the end."""

    def __init__(
        self,
        *,
        lease_seconds: float,
        concurrency: int,
        clock: Callable[[], float],
        arrays: Arrays | None = None,
    ) -> None:
        """An empty desk.

        Args:
            lease_seconds: how long work of a dead process waits for another.
            concurrency: calls under way at once; the desk holds at least twice as much.
            clock: monotonic seconds.
            arrays: what may be asked for together; without it every account has a call of its own.
        """
        Owned.__init__(self)
        Hands.__init__(self, lease_seconds=lease_seconds, clock=clock)
        self._concurrency = concurrency
        self._arrays = arrays
        self._pace = Pace(clock)
        self._singles, self._together = Turns(), Turns()
        self._in_hand: set[UUID] = set()
        self._single_there, self._together_there = asyncio.Event(), asyncio.Event()
        self.imports_waiting = 0
        """Imports that had due work nobody held, at the last look."""
        self.more_due = True
        """Whether the last look left due work behind for want of room."""

    # Letting go

    def forget(self, partitions: Collection[int]) -> set[UUID]:
        """Drop what has not been started of these partitions; what is under way ends by itself.

        Returns the chunks that nobody has touched, now or before.
        """
        self._no_longer(partitions)
        gone = [held for held in self._held.values() if held.chunk.partition in partitions]
        self._forget(gone)
        return {held.chunk.chunk_id for held in gone if held.chunk.fresh and not held.touched}

    def pull(self, import_ids: Collection[UUID]) -> list[Item]:
        """Take out at once all that waits for these imports and that certainly nobody has called for."""
        wanted = set(import_ids)

        def certain(item: Item) -> bool:
            return item.unasked and item.stored.account.creator.import_id in wanted

        pulled = [item for turns in self._lanes for item in turns.remove(certain, wanted)]
        for item in pulled:
            item.held.busy += 1
        return pulled

    def _forget(self, gone: Collection[Held]) -> None:
        super()._forget(gone)
        for turns in self._lanes:
            for item in turns.remove(lambda item: item.held.forgotten):
                self._in_hand.discard(item.stored.account.account_id)
        metrics.IN_HAND.set(len(self._in_hand))

    # Work

    @property
    def _lanes(self) -> tuple[Turns, Turns]:
        return self._singles, self._together

    def room(self) -> Room:
        """How much more may be taken in hand."""
        return room_of(
            self._held.values(),
            in_hand=len(self._in_hand),
            capacity=self._capacity(),
            waiting=self.imports_waiting,
        )

    def holds(self, account_id: UUID) -> bool:
        """Whether an account is in our hands, waiting or under way."""
        return account_id in self._in_hand

    def put(self, chunks: Sequence[tuple[Chunk, Sequence[Stored]]], lease: Lease | None = None) -> None:
        """Take leased chunks in hand."""
        fit = self._arrays.fit if self._arrays is not None and self._arrays.size else None
        for chunk, members in chunks:
            held = self._hold(chunk, len(members), lease)
            items = [Item(stored, held) for stored in members]
            self._in_hand.update(stored.account.account_id for stored in members)
            if fit is None:
                self._singles.add(held, items)
                continue
            self._together.add(held, [item for item in items if fit(item.stored.account)])
            self._singles.add(held, [item for item in items if not fit(item.stored.account)])
        if self._singles:
            self._single_there.set()
        if self._together:
            self._together_there.set()
        metrics.IN_HAND.set(len(self._in_hand))

    async def take(self) -> Item:
        """The next account that has a call of its own; waits until there is one."""
        while True:
            item = self._singles.next()
            if item is None and not self._array_size():  # the target took arrays before
                item = self._together.next()
            if item is not None:
                return _taken(item)
            self._single_there.clear()
            self._look_for_more()
            await self._single_there.wait()

    async def take_array(self) -> list[Item]:
        """The next accounts that fit into one call, as many as it takes; waits until there is one, hardly longer."""
        while True:
            size = self._array_size()
            if size and 0 < len(self._together) < size:
                await asyncio.sleep(_LINGER_S)
            items = self.more_for_array(size)
            if items:
                return items
            if self._together:
                self._single_there.set()
            self._together_there.clear()
            self._look_for_more()
            await self._together_there.wait()

    def more_for_array(self, most: int) -> list[Item]:
        """Up to so many that are there now."""
        items: list[Item] = []
        while len(items) < most and (item := self._together.next()) is not None:
            items.append(_taken(item))
        return items

    def alone(self, item: Item) -> None:
        """Put an account back that was taken for an array, and needs a call of its own."""
        item.held.busy -= 1
        self._singles.add(item.held, [item])
        self._single_there.set()

    def done(self, items: Collection[Item]) -> None:
        """These items are recorded."""
        for item in items:
            self._in_hand.discard(item.stored.account.account_id)
            self._one_done(item.held)
        self._pace.add(len(items))
        metrics.IN_HAND.set(len(self._in_hand))
        if len(self._in_hand) * 2 < self._capacity():
            self._look_for_more()

    def _look_for_more(self) -> None:
        """Where nothing was left the table is not scanned again for every account that ends."""
        if self.more_due:
            self.look()

    def _capacity(self) -> int:
        together = self._arrays.at_once * self._array_size() if self._arrays is not None else 0
        return self._pace.capacity(2 * max(self._concurrency, together))

    def _array_size(self) -> int:
        return self._arrays.size if self._arrays is not None else 0


def _taken(item: Item) -> Item:
    item.held.touched = True
    item.held.busy += 1
    return item
