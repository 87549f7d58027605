"""What operators may want: ask for a replay, cancel it, compare again, swap, roll back, clean up."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from services.common.database import Connection, Database, Pool, transaction
from services.common.http import Problem
from services.projector.comparing.sides import NotComparable
from services.projector.replay import store
from services.projector.replay.handover import compare_again
from services.projector.replay.model import Command, Kind, Replay, State
from services.projector.replay.refusals import check, check_swap, in_use, too_many
from services.projector.sets import catalog
from services.projector.sets.feeding import Editions

_MOST_UNDER_WAY = 10

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A replay that somebody wants."""

    kind: Kind
    edition: str | None
    project_id: UUID | None
    import_id: UUID | None
    until_time: datetime | None
    until_offsets: list[tuple[str, int, int]] | None
    reason: str


class Replays:
    """Commands on replays. Each checks the state, does all of it and writes down who gave it, in one transaction."""

    def __init__(self, pool: Pool, editions: Editions, *, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._editions = editions
        self._clock = clock

    async def ask(self, wish: Wish, *, author: str) -> Replay:
        """A new replay; a projector begins with it within a second.

        Raises:
            Problem: 400 unknown edition, 404 unknown import, 409 too many under way.
        """
        active = next(known for known in await catalog.known_sets(self._pool) if known.active)
        edition = wish.edition or active.edition
        if edition not in self._editions:
            raise Problem(
                400, "EDITION_UNKNOWN", f"This version has the editions {', '.join(self._editions)}."
            )
        if wish.kind is Kind.VERIFY:
            edition = active.edition
        project_id = wish.project_id
        if wish.import_id is not None:
            project_id = await catalog.project_of(self._pool, active.slot, wish.import_id)
            if project_id is None:
                raise Problem(404, "NOT_FOUND", "There is no such import (yet).")
        replay_id = uuid4()
        async with transaction(self._pool) as connection:
            await catalog.alone(connection)
            if await store.under_way(connection) >= _MOST_UNDER_WAY:
                raise too_many()
            await store.add(
                connection,
                replay_id,
                wish.kind,
                edition=edition,
                project_id=project_id,
                author=author,
                reason=wish.reason,
                now=self._clock(),
                until_time=wish.until_time,
                until_offsets=wish.until_offsets,
            )
            await store.act(connection, replay_id, author, "asked", now=self._clock(), detail=wish.reason)
        return await self.one(replay_id)

    async def one(self, replay_id: UUID) -> Replay:
        """One replay.

        Raises:
            Problem: 404.
        """
        return await _found(self._pool, replay_id)

    async def cancel(self, replay_id: UUID, *, author: str) -> Replay:
        """Stop the reading; what was read is dropped."""
        async with self._taking(replay_id, Command.CANCEL) as (connection, replay):
            await store.end(connection, replay_id, None, State.CANCELLED, now=self._clock())
            if replay.slot is not None:
                await catalog.retire(connection, replay.slot)
            await self._note(connection, replay_id, author, "cancelled")
        return await self.one(replay_id)

    async def compare(self, replay_id: UUID) -> Replay:
        """Compare once more with the set that answers, or, after a swap, with the one that did."""
        replay = await self.one(replay_id)
        check(replay, Command.COMPARE)
        other = replay.replaced_slot or (await catalog.active_slot(self._pool))[0]
        try:
            await compare_again(self._pool, self._editions, replay, other)
        except NotComparable as reason:
            raise Problem(409, "NOT_COMPARABLE", str(reason)) from None
        return await self.one(replay_id)

    async def swap(self, replay_id: UUID, *, author: str, accept_differences: bool) -> Replay:
        """Let the new set answer."""
        async with self._taking(replay_id, Command.SWAP) as (connection, replay):
            swapped = await store.swapped_now(connection)
            check_swap(replay, swapped=swapped, accept_differences=accept_differences)
            assert replay.slot is not None  # noqa: S101 - it is warm
            replaced = await self._point_to(connection, replay.slot)
            await store.swapped(connection, replay_id, replaced, now=self._clock())
            await self._note(connection, replay_id, author, "swapped", _way(replaced, replay.slot))
        return await self.one(replay_id)

    async def roll_back(self, replay_id: UUID, *, author: str) -> Replay:
        """Let the set before answer again."""
        async with self._taking(replay_id, Command.ROLL_BACK) as (connection, replay):
            assert replay.replaced_slot is not None  # noqa: S101 - it was swapped
            await self._point_to(connection, replay.replaced_slot)
            await store.rolled_back(connection, replay_id)
            await self._note(
                connection, replay_id, author, "rolled back", _way(replay.slot, replay.replaced_slot)
            )
        return await self.one(replay_id)

    async def clean_up(self, replay_id: UUID, *, author: str) -> Replay:
        """After a swap, drop the set before: there is no way back. Otherwise drop the set of this replay."""
        async with self._taking(replay_id, Command.CLEAN_UP) as (connection, replay):
            slot = replay.replaced_slot if replay.state is State.SWAPPED else replay.slot
            assert slot is not None  # noqa: S101 - `takes` says so
            if not await catalog.retire(connection, slot):
                raise in_use()
            await store.way_back_dropped(connection, slot)
            await self._note(connection, replay_id, author, "cleaned up", slot)
        return await self.one(replay_id)

    @asynccontextmanager
    async def _taking(self, replay_id: UUID, command: Command) -> AsyncIterator[tuple[Connection, Replay]]:
        """A transaction of one command: nobody else commands meanwhile, and all of it is done or nothing."""
        async with transaction(self._pool) as connection:
            await catalog.alone(connection)
            replay = await _found(connection, replay_id, hold=True)
            check(replay, command)
            yield connection, replay
        _log.info("replay_command", replay=str(replay_id), action=command)

    async def _point_to(self, connection: Connection, slot: str) -> str:
        try:
            return await catalog.point_to(connection, slot, now=self._clock())
        except catalog.NotReady as reason:
            raise Problem(409, "SET_NOT_READY", str(reason), headers={"Retry-After": "1"}) from None

    async def _note(
        self, connection: Connection, replay_id: UUID, author: str, action: str, detail: str = ""
    ) -> None:
        await store.act(connection, replay_id, author, action, now=self._clock(), detail=detail)


def _way(here: str | None, there: str) -> str:
    return f"{here} → {there}"


async def _found(source: Database, replay_id: UUID, *, hold: bool = False) -> Replay:
    replay = await store.one(source, replay_id, hold=hold)
    if replay is None:
        raise Problem(404, "NOT_FOUND", "There is no such replay.")
    return replay
