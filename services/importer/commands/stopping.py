"""Cancelling and undoing an import: recorded at once, then told to everybody concerned until they confirm."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.common.database import Pool, transaction
from services.importer.commands.claims import newest_claims
from services.importer.commands.errands import Errands
from services.importer.commands.provisioner import COUNTED, Provisioner
from services.importer.commands.store import SQL, CommandRefused, Target, find
from services.importer.domain.commands import NOT_FOUND, decide_cancel, decide_undo, needs_cancel
from services.importer.domain.submission import Accepted, Refused
from services.importer.submission.read_model import ReadModel
from services.importer.submission.waiting import Place, Waiting


class Wish(NamedTuple):
    """Who asks, and why."""

    author: str
    reason: str


class Stopping:
    """Takes the commands that end an import."""

    def __init__(
        self,
        pool: Pool,
        provisioner: Provisioner,
        errands: Errands,
        read_model: ReadModel,
        waiting: Waiting,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._provisioner = provisioner
        self._errands = errands
        self._read_model = read_model
        self._waiting = waiting
        self._clock = clock

    async def cancel(self, import_id: UUID, wish: Wish) -> bool:
        """Start nothing more of the import. Returns whether the read model has seen that.

        Raises:
            CommandRefused: there is nothing to cancel.
        """
        target = await self._found(import_id)
        decision = decide_cancel(target.recorded, await self._state(import_id))
        if isinstance(decision, Refused):
            raise CommandRefused(decision)
        await self._pool.execute(SQL["add_cancel"], import_id, *wish, self._clock())
        _, seen = await asyncio.gather(
            self._errands.tell(import_id, *wish),
            self._waiting.seen(lambda: self._place("cancel_place", import_id)),
        )
        return seen

    async def undo(self, import_id: UUID, wish: Wish) -> bool:
        """Close what the import alone created, and stop it first if it runs. Returns as `cancel` does.

        Raises:
            CommandRefused: it was undone before.
        """
        target = await self._found(import_id)
        state = await self._state(import_id)
        decision = decide_undo(target.recorded, state)
        if isinstance(decision, Refused):
            raise CommandRefused(decision)
        stops = isinstance(decision, Accepted) and needs_cancel(target.recorded, state)
        if isinstance(decision, Accepted):
            async with transaction(self._pool) as connection:
                if stops:
                    await connection.execute(SQL["add_cancel"], import_id, *wish, self._clock())
                await connection.execute(SQL["add_undo"], import_id, *wish, self._clock())
        seen = self._waiting.seen(lambda: self._place("undo_place", import_id))
        if stops:
            return (await asyncio.gather(seen, self._errands.tell(import_id, *wish)))[0]
        self._errands.wake()
        return await seen

    async def foretell_undo(self, import_id: UUID) -> dict[str, int] | None:
        """What an undo would come to, in rows; nothing if the provisioner cannot say now.

        Raises:
            CommandRefused: it was undone before.
        """
        target = await self._found(import_id)
        decision = decide_undo(target.recorded, await self._state(import_id))
        if isinstance(decision, Refused):
            raise CommandRefused(decision)
        counts = dict.fromkeys(COUNTED, 0)
        rows = 0
        async for batch in newest_claims(self._pool, import_id, sent_to=target.sent_to):
            part = await self._provisioner.foretell(import_id, batch.claims)
            if part is None:
                return None
            rows += len(batch.claims)
            for name in COUNTED:
                counts[name] += part[name]
        if not target.recorded.cancel:  # rows that are still to be sent
            counts["pending"] += max(0, target.requested - rows)
        return counts

    async def _found(self, import_id: UUID) -> Target:
        target = await find(self._pool, import_id)
        if target is None:
            raise CommandRefused(NOT_FOUND)
        return target

    async def _state(self, import_id: UUID) -> str | None:
        status = await self._read_model.status(import_id)
        state = None if status is None else status.get("state")
        return state if isinstance(state, str) else None

    async def _place(self, query: str, import_id: UUID) -> Place | None:
        row = await self._pool.fetchrow(SQL[query], import_id)
        return None if row is None else (row["log_partition"], row["log_offset"])
