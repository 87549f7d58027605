"""Reading the rows of an import, page by page in their order."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schemas.facts.base import MAX_INT
from schemas.row_class import RowClass
from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.import_rows")
_EXPORT_PAGE = 1000
WINDOW = 10_000
"""Rows looked through at once when a filter leaves most of them out."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows: by class, by code of what is wrong or awaited, by a part of address or description."""

    classes: Collection[RowClass] | None = None
    codes: Collection[str] | None = None
    text: str | None = None

    @property
    def narrow(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.classes or self.codes or self.text)


async def import_known(pool: Pool, import_id: UUID) -> bool:
    """Whether the import's ImportAccepted was folded."""
    return bool(await pool.fetchval(_SQL["import_known"], import_id))


async def list_rows(
    pool: Pool, import_id: UUID, only: RowFilter, *, after_row: int = 0, limit: int, window: int = WINDOW
) -> list[Any]:
    """Up to `limit` rows after `after_row`.

    The import is looked through in windows along its key, so that a page costs what it shows, and a rare
    match no more than bounded pieces of work, whatever plan the statistics of the moment suggest.
    """
    size = window if only.narrow else limit
    found: list[Any] = []
    start: int | None = after_row
    while start is not None and len(found) < limit:
        end = await pool.fetchval(_SQL["window_end"], import_id, start, size - 1)
        found += await pool.fetch(
            _SQL["list_rows"],
            import_id,
            start,
            list(only.classes) if only.classes else None,
            list(only.codes) if only.codes else None,
            only.text,
            limit - len(found),
            MAX_INT if end is None else end,
        )
        start = end
    return found


async def all_rows(pool: Pool, import_id: UUID, only: RowFilter) -> AsyncIterator[list[Any]]:
    """All rows in pages; no connection is held while the reader is slow."""
    after = 0
    while page := await list_rows(pool, import_id, only, after_row=after, limit=_EXPORT_PAGE):
        yield page
        after = page[-1]["row"]
