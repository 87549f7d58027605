"""Where the hub reads: each kind of question for all watched imports in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from services.common.database import Pool
from services.projector.core.gathering import Gathered
from services.projector.import_changes.news import Ring
from services.projector.import_changes.query import RowOf, rings, rows_now
from services.projector.import_progress.query import Tag
from services.projector.import_progress.statuses import Status, Statuses
from services.projector.push.watch import Watch


class Source(Protocol):
    """What the hub has to know of imports."""

    async def status(self, import_id: UUID) -> Status | None:
        """How an import stands."""
        ...

    async def news(self, import_id: UUID, seen: Tag, *, within_s: float) -> bool:
        """Whether it gets beyond `seen` within some seconds."""
        ...

    async def ring(self, import_id: UUID) -> Ring | None:
        """Which of its rows changed lately."""
        ...

    async def rows(self, import_id: UUID, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Some of its rows, in full, in the order of the file."""
        ...


class Tables:
    """`Source` over the tables of a set."""

    def __init__(self, pool: Pool, statuses: Statuses, watch: Watch) -> None:
        self._pool = pool
        self._statuses = statuses
        self._watch = watch
        self._rings = Gathered(self._read_rings)

    async def status(self, import_id: UUID) -> Status | None:
        """From the gathered reads that also serve the status endpoint."""
        return await self._statuses.get(import_id)

    async def news(self, import_id: UUID, seen: Tag, *, within_s: float) -> bool:
        """From the one watcher."""
        return await self._watch.news(import_id, seen, within_s=within_s)

    async def ring(self, import_id: UUID) -> Ring | None:
        """From gathered reads."""
        return await self._rings.get(import_id)

    async def rows(self, import_id: UUID, rows: Sequence[int]) -> list[dict[str, Any]]:
        """From one statement: an import has news of few rows, or is told without them."""
        found = await rows_now(self._pool, [RowOf(import_id, row) for row in rows])
        return [found[RowOf(import_id, row)] for row in rows if RowOf(import_id, row) in found]

    async def _read_rings(self, import_ids: Sequence[UUID]) -> Mapping[UUID, Ring]:
        return await rings(self._pool, import_ids)
