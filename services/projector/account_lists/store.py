"""Counts and addresses in Postgres: an upsert of a few rows and a COPY for each batch."""

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.account_lists.fold import Difference, ListsInMemory
from services.projector.core import bulk
from services.projector.core.model import Apply, Batch

_SQL = load_queries("services.projector.account_lists")
_INTO_ADDRESSES = bulk.CopyInto(
    "account_addresses",
    {
        "account_id": bulk.uuids,
        "project_id": bulk.same_uuids,
        "created": bulk.moments,
        "address": bulk.texts,
    },
)


class ListsFold:
    """`core.model.Fold` of lists."""

    def __init__(self) -> None:
        self._memory = ListsInMemory({})

    async def load(self, connection: Connection, batch: Batch) -> None:  # noqa: ARG002 - the protocol has it
        """Nothing to read: `accounts` has loaded how its accounts stand."""
        self._memory = ListsInMemory(
            {key: view.standing for key, view in batch.views.items() if view.requested}
        )

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply

    async def store(self, connection: Connection) -> None:
        """Add what changed, in the order of the key: lanes that meet in an index page wait for each other once."""
        memory = self._memory
        if memory.differences:
            rows = [_row(memory.differences[place]) for place in sorted(memory.differences)]
            await connection.execute(_SQL["add_counts"], *zip(*rows, strict=True))
        if memory.addresses:
            await _INTO_ADDRESSES.write(connection, memory.addresses)

    async def fill(self, connection: Connection) -> None:
        """As `store`."""
        await self.store(connection)


def _row(difference: Difference) -> tuple[object, ...]:
    return (
        difference.import_id,
        difference.partition,
        difference.project_id,
        difference.first,
        difference.last,
        *difference.by.values(),
    )
