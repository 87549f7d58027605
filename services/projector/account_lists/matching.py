"""Lists of accounts by a part of their address, a user name, or why they failed: what the counts do not know."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.account_lists.cells import Part
from services.projector.account_lists.filters import AccountFilter
from services.projector.account_lists.paging import Paging
from services.projector.account_lists.spans import BY_CREATED
from services.projector.account_lists.statement import OF_ADDRESSES, ORDERS, Conditions, put

_SQL = load_queries("services.projector.account_lists")
FEW: Final = 2_000
"""Accounts that are cheaper looked up one by one than found on the way through a list."""
_PASS: Final = 4
"""A list by time is gone along where no more than one in so many of all accounts is likely to be passed by."""
_REST: Final = 2**31 - 1

Found = tuple[int, list[UUID]]
"""How many fit, and the ids of the page."""


class Matching:
    """Finds them in one snapshot.

    Args:
        connection: of the snapshot.
        only: the filter.
        paging: finds pages where it is known how many fit.
        conditions: makes anew what the filter says beside names, addresses and projects.
        projects: those that the list is about; None: all.
        total: accounts of these projects.
    """

    def __init__(
        self,
        connection: Connection,
        only: AccountFilter,
        paging: Paging,
        conditions: Callable[[], Conditions],
        *,
        projects: list[UUID] | None,
        total: int,
    ) -> None:
        self._connection = connection
        self._only = only
        self._paging = paging
        self._conditions = conditions
        self._projects = projects
        self._total = total
        self._part = (only.email or "").lower()

    async def read(self, order: Sequence[str], *, limit: int, offset: int) -> Found:
        """How many fit, and those of a page."""
        if self._only.username:
            found: list[UUID] | None = await self._with_username()
        elif self._part:
            found, number = await self._with_address()
            if found is None:
                return await self._many(tuple(order), number, limit=limit, offset=offset)
        else:
            found = None
        if found is not None and not found:
            return 0, []
        number = await self._number(self._fitting(found))
        if offset >= number:
            return number, []
        part = Part(None, None, number, offset, limit, tuple(order))
        return number, await self._paging.ids(part, self._fitting(found), walk=False)

    def _fitting(self, found: Sequence[UUID] | None) -> Conditions:
        conditions = self._conditions()
        if self._projects is not None:
            conditions.among("a.project_id", self._projects, "uuid")
        if found is not None:
            conditions.among("a.account_id", found, "uuid")
        elif self._only.username:
            conditions.add(f"a.username = {conditions.value(self._only.username, 'text')}")
        if self._part and (found is None or self._only.username):
            conditions.holds(ORDERS["email"], self._part)
        return conditions

    async def _with_username(self) -> list[UUID] | None:
        """The few accounts with the user name, perhaps some more; None if they are many."""
        await self._connection.fetch(_SQL["along_blocks"])
        rows = await self._connection.fetch(_SQL["with_username"], self._only.username, FEW + 1)
        await self._connection.fetch(_SQL["as_usual"])
        return [row["account_id"] for row in rows] if len(rows) <= FEW else None

    async def _with_address(self) -> tuple[list[UUID] | None, int]:
        """The few accounts with the address, perhaps some more; None if they are many, and how many.

        The addresses are gone through once: those behind the few are only counted, where that says how many fit.
        """
        conditions = self._of_addresses()
        statement = put(_SQL["with_address"], {"{conditions}": conditions.text})
        cursor = await self._connection.cursor(statement, *conditions.values)
        rows = await cursor.fetch(FEW + 1)
        if len(rows) <= FEW:
            return [row["account_id"] for row in rows], len(rows)
        if self._narrow:
            return None, len(rows) + await cursor.forward(_REST)
        return None, await self._number(self._fitting(None))

    @property
    def _narrow(self) -> bool:
        """Whether the addresses say how many fit."""
        return not (self._only.states or self._only.codes)

    async def _many(self, order: tuple[str, ...], number: int, *, limit: int, offset: int) -> Found:
        """A page of many: from along the list by time if little is passed there, else of all that fit, sorted."""
        if not limit or offset >= number:
            return number, []
        near = min(offset, number - offset) + limit
        if order in BY_CREATED and near * _PASS <= number:
            conditions = self._conditions()
            conditions.holds(ORDERS["email"], self._part)
            projects: list[UUID | None] | None = None if self._projects is None else [*self._projects]
            part = Part(projects, None, number, offset, limit, order)
            return number, await self._paging.ids(part, conditions)
        if self._narrow and {name.removeprefix("-") for name in order} <= OF_ADDRESSES.keys():
            return number, await self._paging.of_addresses(
                order, self._of_addresses(), number=number, limit=limit, offset=offset
            )
        part = Part(None, None, number, offset, limit, order)
        return number, await self._paging.ids(part, self._fitting(None), walk=False)

    def _of_addresses(self) -> Conditions:
        conditions = Conditions()
        conditions.holds("s.address", self._part)
        self._of_projects(conditions)
        return conditions

    def _of_projects(self, conditions: Conditions) -> None:
        if self._projects is not None:
            conditions.among("s.project_id", self._projects, "uuid")

    async def _number(self, conditions: Conditions) -> int:
        await self._paging.within_projects(all_projects=self._projects is None)
        statement = put(_SQL["number"], {"{conditions}": conditions.text})
        return int(await self._connection.fetchval(statement, *conditions.values))
