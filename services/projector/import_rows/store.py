"""Rows in Postgres: one COPY a batch, and more only in the batches that need it."""

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.accounts.view import ROW_CLASSES
from services.projector.core import bulk
from services.projector.core.model import Apply, Batch
from services.projector.import_rows.fold import RowsInMemory

_INTO_ROWS = bulk.CopyInto(
    "import_rows",
    {
        "import_id": bulk.same_uuids,
        "row": bulk.numbers,
        "revision": bulk.numbers,
        "line": bulk.numbers,
        "email": bulk.texts,
        "description": bulk.texts,
        "account_id": bulk.uuids,
        "code": bulk.same_texts,
        "duplicate_of": bulk.numbers,
        "claim": bulk.same_texts,
        "pinned": bulk.same_texts,
        "kept": bulk.same_texts,
        "ending": bulk.same_texts,
        "failed": bulk.truths,
    },
)
"""The columns of a key, a text and a stand."""
_SQL = load_queries("services.projector.import_rows")


class RowsFold:
    """`core.model.Fold` of rows; it needs nothing loaded, because inserting a row again changes nothing."""

    def __init__(self) -> None:
        self._memory = RowsInMemory()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Nothing to read."""

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply

    async def store(self, connection: Connection) -> None:
        """Write new rows, then changed ones."""
        rows = [(*key, *text, *stand) for key, (text, stand) in self._memory.inserted.items()]
        if rows and not await _INTO_ROWS.write_new(connection, rows):
            # Rare: one that is there already was told twice.
            await connection.execute(_SQL["insert_rows"], *zip(*rows, strict=True))
        if changed := self._memory.changed:
            stands = [(*key, *stand) for key, stand in changed.items()]
            await connection.execute(_SQL["change_rows"], *zip(*stands, strict=True))

    async def fill(self, connection: Connection) -> None:
        """As `store`: it expects no row to be there already."""
        await self.store(connection)


async def seed(connection: Connection) -> None:
    """Fill the table of classes from the one function that knows them."""
    await connection.executemany(
        _SQL["insert_row_class"],
        [(claim, standing, row_class) for (claim, standing), row_class in ROW_CLASSES.items()],
    )
