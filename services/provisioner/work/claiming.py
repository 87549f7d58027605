"""Claiming: due chunks come into our hands; what in them is not ready is queued for later."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from services.common.database import Connection, Pool, transaction
from services.common.loops import woken
from services.provisioner.account import Account, Change, Closing, Pending, Stored, answer_claims, evolve
from services.provisioner.courses.courses import Courses
from services.provisioner.facts import encode_all, event_id
from services.provisioner.store import accounts, outbox, work
from services.provisioner.store.work import Chunk, Lease, Room
from services.provisioner.work.desk import Desk
from services.provisioner.work.stops import Stops

logger = structlog.get_logger(__name__)

_LOOK_EVERY_S = 0.25
_LOOK_AGAIN = timedelta(seconds=1)


class Claimer:
    """Keeps the desk filled."""

    def __init__(
        self,
        *,
        pool: Pool,
        desk: Desk,
        stops: Stops,
        courses: Courses,
        recorded: set[bytes],
        now: Callable[[], datetime],
        decided: Callable[[], None],
    ) -> None:
        """Prepare the claimer; arguments as those of the recorder."""
        self._pool = pool
        self._desk = desk
        self._stops = stops
        self._courses = courses
        self._recorded = recorded
        self._now = now
        self._decided = decided

    async def step(self) -> None:
        """Wait until it is worth looking, then take what there is room for."""
        await woken(self._desk.wanted, within_s=_LOOK_EVERY_S)
        self._desk.imports_waiting = 0
        room, live = self._desk.room(), self._desk.live
        if room and live and self._desk.settled:
            await self._claim(room, live)

    async def keep_leases(self) -> None:
        """Extend the leases of what we hold; forget what ran out meanwhile, and what others have taken."""
        self._desk.drop_late()
        late, ours = list(self._desk.late), self._desk.to_renew()
        if not late and not ours:
            return
        lease = self._desk.lease(self._now())
        async with transaction(self._pool) as connection:
            await work.put_back(connection, late, lease.owner)
            kept = await work.keep(connection, ours, lease)
        self._desk.late.difference_update(late)
        taken = self._desk.renewed(ours, kept, lease)
        if late or taken:
            logger.warning("leases_lost", late=len(late), taken=taken)

    async def _claim(self, room: Room, live: frozenset[int]) -> None:
        now = self._now()
        facts: list[bytes] = []
        lease = self._desk.lease(now)
        async with transaction(self._pool) as connection:
            chunks = await work.claim(connection, live, now=now, room=room, lease=lease)
            self._desk.more_due = sum(len(chunk.account_ids) for chunk in chunks) >= room.anybody
            if not chunks:
                return
            known = await accounts.load(connection, [i for chunk in chunks for i in chunk.account_ids])
            known = await self._answer(connection, known, now, facts)
            in_hand: list[tuple[Chunk, list[Stored]]] = []
            empty: list[tuple[Chunk, list[Stored]]] = []
            taken: set[UUID] = set()
            for chunk in chunks:
                ready = await self._sort(connection, chunk, known, now, taken)
                (in_hand if ready else empty).append((chunk, ready))
            await work.finish(connection, [chunk.chunk_id for chunk, _ in empty], self._desk.owner)
        if facts:
            self._decided()
        await self._take(in_hand, lease)
        waiting = len({chunk.import_id for chunk in chunks}) - 1
        self._desk.imports_waiting = waiting if self._desk.more_due else 0

    async def _take(self, in_hand: list[tuple[Chunk, list[Stored]]], lease: Lease) -> None:
        """To the desk; back into the table what was taken from us while we were claiming it."""
        live = self._desk.live
        self._desk.put([held for held in in_hand if held[0].partition in live], lease)
        gone = {chunk.partition for chunk, _ in in_hand} - live
        if gone:
            async with transaction(self._pool) as connection:
                await work.release(connection, self._desk.owner, gone)

    async def _answer(
        self,
        connection: Connection,
        known: dict[UUID, Stored],
        now: datetime,
        facts: list[bytes],
    ) -> dict[UUID, Stored]:
        """Answer claims that were met while the log was still being read to its end."""
        changes, decided = [], []
        for account_id, stored in known.items():
            after: Account = stored.account
            for answer in answer_claims(after, now, self._stops):
                decided.append((stored.partition, answer))
                after = evolve(after, answer) or after
            if after is not stored.account:
                changes.append(Change(stored.account, after))
                known[account_id] = replace(stored, account=after)
        await accounts.rewrite(connection, changes)
        encoded = encode_all(decided, time=now)
        await outbox.add(connection, encoded)
        facts.extend(event_id(record) for _, record in encoded)
        self._recorded.update(facts)
        return known

    async def _sort(
        self,
        connection: Connection,
        chunk: Chunk,
        known: dict[UUID, Stored],
        now: datetime,
        taken: set[UUID],
    ) -> list[Stored]:
        """What of a chunk can be done now; the rest is done, or queued for when it is due.

        `taken` are the accounts seen in chunks before it: an account may be in several, but has one call.
        """
        ready: list[Stored] = []
        later: dict[datetime, list[UUID]] = {}
        for account_id in chunk.account_ids:
            stored = known.get(account_id)
            if stored is None or not stored.account.needs_call or account_id in taken:
                continue
            taken.add(account_id)
            due = self._due(stored.account)
            if self._desk.holds(account_id):
                later.setdefault(now + _LOOK_AGAIN, []).append(account_id)
            elif due is not None and due > now:
                later.setdefault(due, []).append(account_id)
            else:
                ready.append(stored)
        await self._postpone(connection, chunk, later)
        return ready

    def _due(self, account: Account) -> datetime | None:
        """When its next attempt is due; what nobody wants any more is settled at once."""
        standing = account.standing
        if isinstance(standing, Pending) and (
            account.creator.import_id in self._stops
            or self._courses.over(account.project_id, account.order.course_ends)
        ):
            return None
        return standing.next_attempt_at if isinstance(standing, Pending | Closing) else None

    async def _postpone(
        self, connection: Connection, chunk: Chunk, later: dict[datetime, list[UUID]]
    ) -> None:
        for due, ids in later.items():
            postponed = replace(chunk, chunk_id=uuid4(), account_ids=ids, fresh=False)
            await work.add(connection, [postponed], due_at=due)
