"""Targets in Postgres."""

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.core.model import Batch, Change, Located
from services.projector.target.fold import Target, evolve

_SQL = load_queries("services.projector.target")


class TargetFold:
    """`core.model.Fold` of targets; an older change is left out by the statement that writes."""

    def __init__(self) -> None:
        self._targets: dict[str, Target] = {}

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Nothing to read."""

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event."""
        name = event.fact.target  # type: ignore[union-attr]
        target = evolve(self._targets.get(name), event)
        if target is not None:
            self._targets[name] = target
        return change

    async def store(self, connection: Connection) -> None:
        """Write what changed."""
        for target in self._targets.values():
            await connection.execute(_SQL["write_target"], *target)

    async def fill(self, connection: Connection) -> None:
        """As `store`."""
        await self.store(connection)
