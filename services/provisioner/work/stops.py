"""The stop set: imports of which this process starts nothing more, known in memory and looked at before every call."""

from collections.abc import Callable, Iterable
from uuid import UUID

import structlog

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.provisioner.store import stops

logger = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.25
_OVERLAP_S = 60.0


class Stops:
    """What must not start. Grows by what this process is told, reads on the log, and what others were told."""

    def __init__(self, *, pool: Pool, clock: Callable[[], float]) -> None:
        """An empty set; `clock` gives monotonic seconds."""
        self._pool = pool
        self._clock = clock
        self._known: set[UUID] = set()
        self._looked: float | None = None
        self._told: list[Callable[[set[UUID]], None]] = []

    def __contains__(self, import_id: object) -> bool:
        """Whether an import is stopped."""
        return bool(self._known) and import_id in self._known

    def tell(self, listener: Callable[[set[UUID]], None]) -> None:
        """Call `listener` with every import that becomes known here."""
        self._told.append(listener)

    def add(self, import_ids: Iterable[UUID]) -> None:
        """These imports are stopped."""
        news = set(import_ids) - self._known
        if news:
            self._known |= news
            logger.info("imports_stopped", imports=[str(import_id) for import_id in news])
            for listener in self._told:
                listener(news)

    async def look(self) -> None:
        """Learn what other copies were told: all of it at first and after a pause, then what is recent."""
        started = self._clock()
        recently = self._looked is not None and started - self._looked < _OVERLAP_S / 2
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            found = await stops.known(connection, within_s=_OVERLAP_S if recently else None)
        self._looked = started
        self.add(found)
