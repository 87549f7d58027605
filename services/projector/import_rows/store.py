"""Rows in Postgres: one insert a batch, and more only in the batches that need it."""

from typing import Any

from schemas.row_class import Claim
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.accounts.view import ROW_CLASSES
from services.projector.core.model import Apply, Batch
from services.projector.import_rows.fold import RowsInMemory, Stand

_FIRST = Stand(Claim.CREATOR)
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
        first: list[tuple[Any, ...]] = []
        other: list[tuple[Any, ...]] = []
        for key, (text, stand) in self._memory.inserted.items():
            if stand == _FIRST:
                first.append((*key, *text[:4]))
            else:
                other.append((*key, *text, *stand))
        if first:
            await connection.execute(_SQL["insert_first_claims"], *zip(*first, strict=True))
        if other:
            await connection.execute(_SQL["insert_rows"], *zip(*other, strict=True))
        if changed := self._memory.changed:
            stands = [(*key, *stand) for key, stand in changed.items()]
            await connection.execute(_SQL["change_rows"], *zip(*stands, strict=True))


async def seed(connection: Connection) -> None:
    """Fill the table of classes from the one function that knows them."""
    await connection.executemany(
        _SQL["insert_row_class"],
        [(claim, standing, row_class) for (claim, standing), row_class in ROW_CLASSES.items()],
    )
