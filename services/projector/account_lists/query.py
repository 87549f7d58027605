"""Reading a page of a list and its length, in one snapshot, looking at as little as the counts allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool
from services.common.sql import load_queries
from services.projector.account_lists.cells import OF_PROJECTS, Cell, Part, cells_of, number_of, parts_of
from services.projector.account_lists.statement import Conditions, order_by
from services.projector.accounts.answers import standings_of

_SQL = load_queries("services.projector.account_lists")
FEW = 2_000
"""Accounts that are cheaper looked up one by one than found on the way through a list."""
_NARROW = 20_000
"""Accounts of projects that are cheaper looked through than all addresses."""
_WALK = 4
"""Where more than one in so many of all accounts would be passed over along a list, it is read by blocks."""
_NEWEST_FIRST = ("-created",)


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts: a part of the address (any case), the exact user name, states, a project, days of projects.

    `codes`, why they are Erred, are asked for within a project only: nothing leads to them over all.

    The days count as in between.
    """

    email: str | None = None
    username: str | None = None
    states: Sequence[str] | None = None
    codes: Sequence[str] | None = None
    project_id: UUID | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    ends_from: date | None = None
    ends_until: date | None = None
    among: Sequence[UUID] | None = None
    """Only accounts of these projects; None: of all."""

    @property
    def about_projects(self) -> tuple[Any, ...]:
        """What it says of projects, as the queries take it."""
        days = (self.starts_from, self.starts_until, self.ends_from, self.ends_until)
        return (self._projects, *days)

    @property
    def all_projects(self) -> bool:
        """Whether it says nothing of projects."""
        return self._projects is None and not any(self.about_projects[1:])

    @property
    def _projects(self) -> list[UUID] | None:
        if self.project_id is None:
            return None if self.among is None else list(self.among)
        return [self.project_id] if self.among is None or self.project_id in self.among else []


async def read_list(
    pool: Pool, only: AccountFilter, order: Sequence[str], *, limit: int, offset: int
) -> tuple[int, list[Any]]:
    """How many accounts fit, and a page of them; `order` holds names of `ORDERS`, `-` in front reverses."""
    order = tuple(order) or _NEWEST_FIRST
    async with (
        pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        reading = _Reading(connection, only)
        await reading.count(order)
        return reading.number, await reading.page(order, limit=limit, offset=offset)


class _Reading:
    """One list in one snapshot."""

    def __init__(self, connection: Connection, only: AccountFilter) -> None:
        self._connection = connection
        self._only = only
        self._cells: list[Cell] = []
        self._all_projects = only.all_projects
        self._found: list[UUID] | None = None
        self._total = 0
        self.number = 0

    async def count(self, order: Sequence[str]) -> None:
        """Find out how many accounts fit."""
        only = self._only
        by_project = any(name.removeprefix("-") in OF_PROJECTS for name in order)
        if self._all_projects and not by_project:
            rows = await self._connection.fetch(_SQL["whole"])
            if only.states and 0 < number_of(cells_of(rows, only.states)) <= FEW:
                # It is worth knowing where so few of them are.
                rows = await self._connection.fetch(_SQL["by_project"], *only.about_projects)
        else:
            rows = await self._connection.fetch(_SQL["by_project"], *only.about_projects)
        self._total = number_of(cells_of(rows, None))
        self._cells = cells_of(rows, only.states)
        self.number = number_of(self._cells)
        if self.number and (only.email or only.username or only.codes):
            self.number = await self._count_found()

    async def _count_found(self) -> int:
        only = self._only
        if only.username:
            await self._connection.fetch(_SQL["along_blocks"])
            rows = await self._connection.fetch(_SQL["with_username"], only.username, FEW + 1)
            await self._connection.fetch(_SQL["as_usual"])
        elif only.email and (self._all_projects or self._total > _NARROW):
            part = str(only.email).lower()
            rows = await self._connection.fetch(_SQL["with_address"], part, FEW + 1)
            if len(rows) > FEW and self._all_projects and not only.states:
                return int(await self._connection.fetchval(_SQL["number_with_address"], part))
        else:
            return await self._count(self._conditions(None))
        if len(rows) <= FEW:
            self._found = [row["account_id"] for row in rows]
        return await self._count(self._conditions(None)) if rows else 0

    async def _count(self, conditions: Conditions) -> int:
        statement = _SQL["number"].replace("{conditions}", conditions.text)
        return int(await self._connection.fetchval(statement, *conditions.values))

    async def page(self, order: Sequence[str], *, limit: int, offset: int) -> list[Any]:
        """The accounts from `offset` on."""
        if limit < 1 or offset >= self.number:
            return []
        only = self._only
        if only.email or only.username or only.codes:
            whole = Part(None, None, self.number, offset, limit, tuple(order))
            return await self._part(whole, self._conditions(None))
        found: list[Any] = []
        for part in parts_of(
            self._cells,
            order,
            states=only.states,
            all_projects=self._all_projects,
            offset=offset,
            limit=limit,
        ):
            found += await self._part(part, self._conditions(part))
        return found

    async def _part(self, part: Part, conditions: Conditions) -> list[Any]:
        joined = _JOINED if OF_PROJECTS & {name.removeprefix("-") for name in part.order} else ""
        bounds = (conditions.value(part.limit, "bigint"), conditions.value(part.offset, "bigint"))
        statement = _SQL["page"]
        for name, text in (
            ("{listed}", _LISTED_BY_PROJECT if self._within_projects(part) else "a.email IS NOT NULL"),
            ("{conditions}", conditions.text),
            ("{order}", order_by(part.order)),
            ("{joined}", joined),
            ("{limit}", bounds[0]),
            ("{offset}", bounds[1]),
        ):
            statement = statement.replace(name, text)
        rare = part.states is not None and (part.offset + part.limit) * _WALK > part.number
        if not rare:
            return await self._connection.fetch(statement, *conditions.values)
        await self._connection.fetch(_SQL["along_blocks"])
        rows = await self._connection.fetch(statement, *conditions.values)
        await self._connection.fetch(_SQL["as_usual"])
        return rows

    def _within_projects(self, part: Part) -> bool:
        """Whether it is better to look through the projects than to pass accounts of all others."""
        if part.projects is None:
            return not self._all_projects and self._total <= _NARROW
        return len(part.projects) == 1 or part.number <= _NARROW

    def _conditions(self, part: Part | None) -> Conditions:
        """What accounts have to fulfil: of a part, or of the whole list."""
        only, found = self._only, Conditions()
        states = only.states if part is None else part.states
        if states:
            found.among("a.standing", [name for word in states for name in standings_of(word)], "text")
        if only.codes:
            found.among("a.standing", standings_of("Erred"), "text")
            found.among("a.code", only.codes, "text")
        projects = None if part is None else part.projects
        if part is None and not self._all_projects:
            projects = list(dict.fromkeys(cell.project["project_id"] for cell in self._cells))
        if projects is not None:
            found.among("a.project_id", projects, "uuid")
        if self._found is not None:
            found.among("a.account_id", self._found, "uuid")
        elif only.username:
            found.add(f"a.username = {found.value(only.username, 'text')}")
        if only.email and (self._found is None or only.username):
            found.add(f"strpos(lower(a.email), {found.value(only.email.lower(), 'text')}) > 0")
        return found


_LISTED_BY_PROJECT = "(a.email IS NOT NULL) IS TRUE"
"""The same, so that the index accounts_created is out of the question: projects lie together in it, which the
statistics do not know, and walking along it may pass nearly everything."""
_JOINED = "LEFT JOIN projects AS p ON p.project_id = a.project_id"
