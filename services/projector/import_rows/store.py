"""Rows in Postgres: one insert a batch, and one update in the batches that need it."""

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.accounts.view import ROW_CLASSES
from services.projector.core.model import Batch, Change, Located
from services.projector.import_rows.fold import RowsInMemory

_SQL = load_queries("services.projector.import_rows")


class RowsFold:
    """`core.model.Fold` of rows; it needs nothing loaded, because inserting a row again changes nothing."""

    def __init__(self) -> None:
        self._memory = RowsInMemory()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Nothing to read."""

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event."""
        return self._memory.apply(event, change)

    async def store(self, connection: Connection) -> None:
        """Write new rows, then changed ones."""
        if inserted := self._memory.inserted:
            rows = [(*key, *text, *stand) for key, (text, stand) in inserted.items()]
            await connection.execute(_SQL["insert_rows"], *zip(*rows, strict=True))
        if changed := self._memory.changed:
            stands = [(*key, *stand) for key, stand in changed.items()]
            await connection.execute(_SQL["change_rows"], *zip(*stands, strict=True))


async def seed(connection: Connection) -> None:
    """Fill the table of classes from the one function that knows them."""
    await connection.executemany(
        _SQL["insert_row_class"],
        [(claim, standing, row_class) for (claim, standing), row_class in ROW_CLASSES.items()],
    )
