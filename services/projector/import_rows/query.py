"""Reading the rows of an import, page by page in their order."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schemas.codes import FAILURE_CODES, ROW_CODES, WAITING_CODES
from schemas.facts.base import MAX_INT
from schemas.row_class import RowClass
from services.common.database import Pool
from services.common.sql import load_queries
from services.projector.accounts.view import Ending

_SQL = load_queries("services.projector.import_rows")
_ASIDE = "AND (account_id IS NULL OR failed OR ending IS NOT NULL)"
_WAITING = """AND (failed OR account_id IN (SELECT w.account_id FROM waiting AS w)
    OR (SELECT pause.paused FROM target_pause AS pause))"""
"""Of failed and waiting rows, looked at before their accounts are looked up."""
_ASIDE_CLASSES = frozenset({RowClass.FAILED, RowClass.INVALID, RowClass.DUPLICATE})
_OPEN_OR_FAILED = frozenset({RowClass.FAILED, RowClass.WAITING})
_ASIDE_CODES = frozenset({*ROW_CODES, *FAILURE_CODES})
_EXPORT_PAGE = 1000
WINDOW = 10_000
"""Most rows looked through at once when a filter leaves most of them out."""
_FIRST_WINDOW = 500
_GROWTH = 4
"""The first window is small, because a filter that leaves little out fills a page with it; later ones are larger."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows: by class, code of what is wrong or awaited, a part of address or description, end of an undo."""

    classes: Collection[RowClass] | None = None
    codes: Collection[str] | None = None
    text: str | None = None
    endings: Collection[Ending] | None = None

    @property
    def narrow(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.classes or self.codes or self.text or self.endings)

    @property
    def aside(self) -> bool:
        """Whether every row it can find is in the index of the few that somebody looks for."""
        return bool(
            self.endings
            or (self.classes and _ASIDE_CLASSES.issuperset(self.classes))
            or (self.codes and _ASIDE_CODES.issuperset(self.codes))
        )

    @property
    def narrowed(self) -> str:
        """A condition that all rows it can find fulfil, and that is cheap to ask."""
        if self.aside:
            return _ASIDE
        return _WAITING if self.of_classes and set(self.of_classes) <= _OPEN_OR_FAILED else ""

    @property
    def of_classes(self) -> Collection[RowClass]:
        """The classes of all rows it can find; empty: any."""
        if not self.classes and self.codes and set(self.codes) <= WAITING_CODES.keys():
            return (RowClass.FAILED, RowClass.WAITING)
        return self.classes or ()


async def project_of_import(pool: Pool, import_id: UUID) -> UUID | None:
    """The project of an import whose ImportAccepted was folded; None if it was not."""
    found: UUID | None = await pool.fetchval(_SQL["project_of_import"], import_id)
    return found


async def list_rows(
    pool: Pool, import_id: UUID, only: RowFilter, *, after_row: int = 0, limit: int, window: int = WINDOW
) -> list[Any]:
    """Up to `limit` rows after `after_row`.

    The import is looked through in windows along its key, so that a page costs what it shows, and a rare
    match no more than bounded pieces of work, whatever plan the statistics of the moment suggest. Failed, refused and
    repeated rows have an index of their own.
    """
    window_end = _SQL["window_end_aside" if only.aside else "window_end"]
    listed = _SQL["list_rows"].replace("{aside}", only.narrowed)
    if only.of_classes:
        there = await pool.fetchval(_SQL["classes_there"], import_id)
        if not any(row_class in there for row_class in only.of_classes):
            return []
    size = min(window, max(_FIRST_WINDOW, 2 * limit)) if only.narrow else limit
    found: list[Any] = []
    start: int | None = after_row
    while start is not None and len(found) < limit:
        end = await pool.fetchval(window_end, import_id, start, size - 1)
        found += await pool.fetch(
            listed,
            import_id,
            start,
            list(only.classes) if only.classes else None,
            list(only.codes) if only.codes else None,
            only.text,
            limit - len(found),
            MAX_INT if end is None else end,
            list(only.endings) if only.endings else None,
        )
        start = end
        size = min(window, size * _GROWTH)
    return found


async def one_row(pool: Pool, import_id: UUID, row: int) -> Any:
    """One row of an import in its highest revision, or None."""
    return await pool.fetchrow(_SQL["one_row"], import_id, row)


async def all_rows(pool: Pool, import_id: UUID, only: RowFilter) -> AsyncIterator[list[Any]]:
    """All rows in pages; no connection is held while the reader is slow."""
    after = 0
    while page := await list_rows(pool, import_id, only, after_row=after, limit=_EXPORT_PAGE):
        yield page
        after = page[-1]["row"]
