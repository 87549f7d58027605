"""One list in one snapshot: how long it is, and where the page lies that is wanted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.account_lists.cells import OF_PROJECTS, Cell, Part, cells_of, number_of, parts_of
from services.projector.account_lists.filters import AccountFilter
from services.projector.account_lists.matching import FEW, Matching
from services.projector.account_lists.paging import Paging
from services.projector.account_lists.spans import BY_CREATED, Span, split
from services.projector.account_lists.statement import Conditions
from services.projector.accounts.answers import standings_of

_SQL = load_queries("services.projector.account_lists")
FAR = 1_000
"""Accounts that are quicker passed by than looked up when there were which."""
_MOST_SPANS = 5_000


class Reading:
    """Everything about one list."""

    def __init__(self, connection: Connection, only: AccountFilter) -> None:
        self._connection = connection
        self._only = only
        self._cells: list[Cell] = []
        self._total = 0
        """Accounts of the projects that it is about, in any state."""

    async def read(self, order: Sequence[str], *, limit: int, offset: int) -> tuple[int, list[Any]]:
        """How many accounts fit, and those of a page."""
        only = self._only
        await self._count(order)
        number = number_of(self._cells)
        if not number:
            return 0, []
        paging = Paging(self._connection, all_projects=only.all_projects, total=self._total)
        if not (only.email or only.username or only.codes):
            ids = await self._pages(paging, order, limit=limit, offset=offset) if offset < number else []
            return number, await paging.shown(ids)
        matching = Matching(
            self._connection, only, paging, self._conditions, projects=self._projects(), total=self._total
        )
        number, ids = await matching.read(order, limit=limit, offset=min(offset, number))
        return number, await paging.shown(ids)

    async def _count(self, order: Sequence[str]) -> None:
        """Find out how many accounts fit, as far as the counts know."""
        only = self._only
        by_project = any(name.removeprefix("-") in OF_PROJECTS for name in order)
        if only.all_projects and not by_project:
            rows = await self._connection.fetch(_SQL["whole"])
            if only.states and 0 < number_of(cells_of(rows, only.states)) <= FEW:
                # It is worth knowing where so few of them are.
                rows = await self._connection.fetch(_SQL["by_project"], *only.about_projects)
        else:
            rows = await self._connection.fetch(_SQL["by_project"], *only.about_projects)
        self._total = number_of(cells_of(rows, None))
        self._cells = cells_of(rows, only.states)

    async def _pages(self, paging: Paging, order: Sequence[str], *, limit: int, offset: int) -> list[UUID]:
        found: list[UUID] = []
        for whole in parts_of(
            self._cells,
            order,
            states=self._only.states,
            all_projects=self._only.all_projects,
            offset=offset,
            limit=limit,
        ):
            for part in await self._pieces(whole):
                found += await paging.ids(part, self._conditions(part))
        return found

    async def _pieces(self, part: Part) -> list[Part]:
        """The part, or the pieces of it that the page lies in, where that saves passing many others."""
        rare = part.states is not None and part.number < self._total // 2
        if part.order not in BY_CREATED or not (rare or part.offset >= FAR):
            return [part]
        rows = await self._connection.fetch(_SQL["spans"], part.projects, _MOST_SPANS + 1)
        if len(rows) > _MOST_SPANS:
            return [part]
        words = part.states or ("OK", "Closed", "Erred", "Pending")
        names = [name for word in words for name in standings_of(word)]
        spans = [
            Span(row["project_id"], row["first"], row["last"], sum(row[name] for name in names))
            for row in rows
        ]
        return split(part, spans)

    def _conditions(self, part: Part | None = None) -> Conditions:
        """What accounts have to fulfil beside names and addresses: of a part, or of the whole list."""
        only, found = self._only, Conditions()
        states = only.states if part is None else part.states
        aside = part is None or part.between is not None
        if states:
            names = [name for word in states for name in standings_of(word)]
            found.among("a.standing", names, "text", aside=aside)
        if only.codes:
            found.among("a.standing", standings_of("Erred"), "text", aside=aside)
            found.among("a.code", only.codes, "text")
        if part is not None and part.between is not None:
            first, last = part.between
            found.add(f"a.created >= {found.value(first, 'timestamptz')}")
            found.add(f"a.created <= {found.value(last, 'timestamptz')}")
        return found

    def _projects(self) -> list[UUID] | None:
        """The projects that the list is about; None: all."""
        if self._only.all_projects:
            return None
        return list(dict.fromkeys(cell.project["project_id"] for cell in self._cells))
