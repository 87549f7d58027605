"""Accounts that wait, in Postgres: not one statement in a batch in which none does."""

from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.core.model import Apply, Batch
from services.projector.waiting.fold import Wait, WaitingInMemory, waiting_among

_SQL = load_queries("services.projector.waiting")


class WaitingFold:
    """`core.model.Fold` of what waits."""

    def __init__(self) -> None:
        self._memory = WaitingInMemory()
        self._stored: frozenset[int] = frozenset()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Read what is known of the accounts that waited before the batch; `accounts` has loaded who they are."""
        if ids := waiting_among(batch.views.values()):
            waits = [Wait(*row) for row in await connection.fetch(_SQL["load_waiting"], ids)]
            self._memory = WaitingInMemory(waits)
            self._stored = frozenset(self._memory.waits)

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply

    async def store(self, connection: Connection) -> None:
        """Write those that wait, delete those that do no longer."""
        memory = self._memory
        waits = [memory.waits[key] for key in memory.changed if key in memory.waits]
        if waits:
            await connection.execute(_SQL["write_waiting"], *zip(*waits, strict=True))
        if over := [UUID(int=key) for key in memory.changed & self._stored if key not in memory.waits]:
            await connection.execute(_SQL["delete_waiting"], over)

    async def fill(self, connection: Connection) -> None:
        """As `store`: whatever waits is new."""
        await self.store(connection)
