"""Chunks in this process's hands: how long they are ours, what of them is under way, and how they are let go."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.provisioner.store.work import Chunk, Lease
from services.provisioner.work.turns import Held, Item

_RENEW_BELOW = 0.75
_GIVE_UP_EARLY = 0.95


class Hands:
    """Held chunks. Times are seconds of a monotonic clock: by it a lease ends a little early."""

    def __init__(self, *, lease_seconds: float, clock: Callable[[], float]) -> None:
        self.owner = uuid4()
        self._lease_s = lease_seconds
        self._clock = clock
        self._held: dict[UUID, Held] = {}
        self._let_go: set[Held] = set()
        """Forgotten, with calls under way."""
        self._quieter = asyncio.Event()
        self.late: set[UUID] = set()
        """Chunks whose leases ran out in our hands, until they are put back."""

    def lease(self, now: datetime) -> Lease:
        """A lease for work taken at `now`; to be asked for before the database is."""
        ends = self._clock() + self._lease_s * _GIVE_UP_EARLY
        return Lease(self.owner, now + timedelta(seconds=self._lease_s), ends)

    def lost(self, item: Item) -> bool:
        """Whether an account is no longer ours to call for: its chunk was let go, or its lease has run out.

        If one has, this process did nothing for too long, and forgets all that has.
        """
        if not item.held.forgotten and item.held.until <= self._clock():
            self.drop_late()
        return item.held.forgotten

    def to_renew(self) -> list[UUID]:
        """Chunks in our hands whose lease has run for a while."""
        soon = self._clock() + self._lease_s * _RENEW_BELOW
        return [one.chunk.chunk_id for one in (*self._held.values(), *self._let_go) if one.until < soon]

    def renewed(self, asked: Collection[UUID], kept: Collection[UUID], lease: Lease) -> int:
        """Of the chunks whose leases we wished to renew these are still ours; the others we forget, and count."""
        ours = [self._held[chunk_id] for chunk_id in asked if chunk_id in self._held]
        for held in ours:
            if held.chunk.chunk_id in kept:
                held.until = max(held.until, lease.ends)
        # One that is ending may be gone from the table because we have just recorded the last of it.
        taken = [held for held in ours if held.chunk.chunk_id not in kept and not held.ending]
        self._forget(taken)
        return len(taken)

    def drop_late(self) -> None:
        """Forget the chunks whose lease has run out; they are to be put back where nobody else took them."""
        now = self._clock()
        late = [held for held in self._held.values() if held.until <= now]
        self._forget(late)
        self.late.update(held.chunk.chunk_id for held in late)

    async def quiet(self, partitions: Collection[int]) -> None:
        """Wait until nothing is under way of what was forgotten of these partitions."""
        while any(held.chunk.partition in partitions for held in self._let_go):
            self._quieter.clear()
            await self._quieter.wait()

    def finished(self, items: Collection[Item]) -> list[UUID]:
        """Which chunks have nothing left once these items are recorded."""
        done = Counter(item.held for item in items)
        ending = [held for held, count in done.items() if count == held.left and not held.forgotten]
        for held in ending:
            held.ending = True
        return [held.chunk.chunk_id for held in ending]

    def _hold(self, chunk: Chunk, accounts: int, lease: Lease | None) -> Held:
        until = lease.ends if lease else self._clock() + self._lease_s
        held = self._held[chunk.chunk_id] = Held(chunk, accounts, until)
        return held

    def _forget(self, gone: Collection[Held]) -> None:
        for held in gone:
            held.forgotten = True
            self._held.pop(held.chunk.chunk_id, None)
            if held.busy:
                self._let_go.add(held)

    def _one_done(self, held: Held) -> None:
        held.left -= 1
        held.busy -= 1
        if held.forgotten and not held.busy:
            self._let_go.discard(held)
            self._quieter.set()
        elif held.left == 0 and not held.forgotten:
            self._held.pop(held.chunk.chunk_id, None)
