"""The ring of changes in Postgres: one insert a batch."""

from typing import Any

from schemas.facts.base import MAX_INT
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.core.model import Apply, Batch
from services.projector.import_changes.fold import MOST_ENTRIES, MOST_NAMED, ChangesInMemory, Touched

_SQL = load_queries("services.projector.import_changes")


class ChangesFold:
    """`core.model.Fold` of changes; it comes after `import_progress`, whose versions it refers to."""

    def __init__(self) -> None:
        self._memory = ChangesInMemory()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Nothing to read."""

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply

    async def store(self, connection: Connection) -> None:
        """Write one entry for each import and partition."""
        entries = [_entry(touched) for touched in list(self._memory.touched.values())[:MOST_ENTRIES]]
        if entries:
            await connection.execute(_SQL["note_changes"], *zip(*entries, strict=True))

    async def fill(self, connection: Connection) -> None:
        """Nothing: a set that was built anew begins with an empty ring, and readers with a reset."""


def _entry(touched: Touched) -> tuple[Any, ...]:
    rows = touched.rows
    first, last, named = 1, MAX_INT, None
    if not touched.whole:
        first, last = min(rows), max(rows)
        named = ",".join(map(str, sorted(rows))) if len(rows) <= MOST_NAMED else None
    return (touched.import_id, touched.partition, touched.events, first, last, named)
