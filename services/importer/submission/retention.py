"""Imports are kept as long as their project; some days after it was deleted, what names people goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.common.database import Pool
from services.common.loops import forever
from services.common.sql import load_queries

logger = structlog.get_logger(__name__)

_SQL = load_queries("services.importer.submission", "retention.sql")

EVERY_S: Final = 600.0
_ROWS_AT_ONCE: Final = 10_000


class Retention:
    """Any number of copies may run it."""

    def __init__(self, pool: Pool, *, days: int, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._kept = timedelta(days=days)
        self._clock = clock

    async def run(self) -> None:
        """Rounds for ever."""
        await forever("retention", self.step, every_s=EVERY_S)

    async def step(self) -> None:
        """One round: all imports whose time has come."""
        now = self._clock()
        await self._pool.execute(_SQL["note_deleted"], now)
        while (import_id := await self._pool.fetchval(_SQL["next_to_purge"], now - self._kept)) is not None:
            while await self._pool.fetchval(_SQL["purge_rows"], import_id, _ROWS_AT_ONCE):
                pass
            await self._pool.execute(_SQL["purge_import"], import_id, now)
            logger.info("import_purged", import_id=import_id.hex)
