"""The task that tells the provisioner what was decided here, again and again until it confirms."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from services.common.database import Pool
from services.common.loops import while_woken
from services.importer.commands.claims import next_claims
from services.importer.commands.provisioner import MAX_CLAIMS, Provisioner
from services.importer.commands.store import SQL

logger = structlog.get_logger(__name__)

EVERY_S: Final = 1.0
_AT_ONCE: Final = 8
_CORRECTIONS: Final = 100


class Errands:
    """Stops and releases that are not confirmed. Any number of copies may run them: all calls are idempotent."""

    def __init__(
        self,
        pool: Pool,
        provisioner: Provisioner,
        *,
        clock: Callable[[], datetime],
        claims_a_call: int = MAX_CLAIMS,
    ) -> None:
        self._pool = pool
        self._provisioner = provisioner
        self._clock = clock
        self._claims_a_call = claims_a_call
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to tell."""
        self._wake.set()

    async def tell(self, import_id: UUID, author: str, reason: str) -> bool:
        """Have an import stopped now; if that fails the task goes on trying."""
        if not await self._provisioner.stop(import_id, author=author, reason=reason):
            return False
        await self._pool.execute(SQL["told"], import_id, self._clock())
        self.wake()
        return True

    async def run(self) -> None:
        """Run errands for ever."""
        await while_woken("errands", self.step, self._wake, look_every_s=EVERY_S)

    async def step(self) -> bool:
        """One round; whether anything was confirmed that leaves more to do at once."""
        stops = await self._pool.fetch(SQL["untold"], _AT_ONCE)
        await asyncio.gather(*[self.tell(*stop) for stop in stops])
        undos = await self._pool.fetch(SQL["unreleased_undos"], _AT_ONCE)
        moved = await asyncio.gather(*[self._release(undo) for undo in undos])
        corrections = await self._pool.fetch(SQL["unreleased_corrections"], _CORRECTIONS)
        for correction in corrections:
            if not await self._take_back(correction):
                break
        return any(moved)

    async def _release(self, undo: asyncpg.Record) -> bool:
        """Give up the next claims of an undone import; whether more follow."""
        import_id, after = undo["import_id"], undo["released_to"]
        batch = await next_claims(
            self._pool, import_id, after=after, sent_to=undo["cancelled_to"], limit=self._claims_a_call
        )
        if batch.claims and not await self._provisioner.release(
            import_id, author=undo["author"], cause="undo", claims=batch.claims
        ):
            return False
        await self._pool.execute(SQL["released"], import_id, after, batch.to_row, batch.last, self._clock())
        if batch.last:
            logger.info("import_released", import_id=import_id.hex)
        return not batch.last

    async def _take_back(self, correction: asyncpg.Record) -> bool:
        confirmed = await self._provisioner.release(
            correction["import_id"],
            author=correction["author"],
            cause="correction",
            claims=[(correction["old_account"], correction["old_request"])],
        )
        if confirmed:
            await self._pool.execute(
                SQL["correction_released"],
                correction["import_id"],
                correction["row"],
                correction["revision"],
                self._clock(),
            )
        return confirmed
