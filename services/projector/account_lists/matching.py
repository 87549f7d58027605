"""Lists of accounts by a part of their address, a user name, or why they failed: what the counts do not know."""

from collections.abc import Callable, Sequence
from typing import Any, Final
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
_LOOKED_AT: Final = 4_000
"""Addresses that tell about how many have something in them."""
_COMMON: Final = 0.5
"""The share of addresses from which on it is quicker to pass those that do not fit than to sort those that do."""

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
        self._share = 0.0
        self._part = (only.email or "").lower()

    async def read(self, order: Sequence[str], *, limit: int, offset: int) -> Found:
        """How many fit, and those of a page."""
        found = await self._candidates()
        if found is None and self._part and not self._only.username:
            return await self._many(tuple(order), limit=limit, offset=offset)
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

    async def _candidates(self) -> list[UUID] | None:
        """The few accounts with the name or the address, perhaps some more; None if they are many."""
        if self._only.username:
            await self._connection.fetch(_SQL["along_blocks"])
            rows = await self._connection.fetch(_SQL["with_username"], self._only.username, FEW + 1)
            await self._connection.fetch(_SQL["as_usual"])
        elif self._part:
            self._share = await self._look()
            if self._share * self._total > 4 * FEW:
                return None
            rows = await self._addresses("with_address", FEW + 1)
        else:
            return None
        return [row["account_id"] for row in rows] if len(rows) <= FEW else None

    async def _many(self, order: tuple[str, ...], *, limit: int, offset: int) -> Found:
        """In one pass where that is not more than two: of those that are left out little has to be kept."""
        narrow = not (self._only.states or self._only.codes)
        by_address = narrow and {name.removeprefix("-") for name in order} <= OF_ADDRESSES.keys()
        if limit and self._share < _COMMON:
            rows = await self._sorted(order, limit=limit, offset=offset, by_address=by_address, numbered=True)
            if rows:
                return int(rows[0]["number"]), [row["account_id"] for row in rows]
        if narrow:
            number = int((await self._addresses("number_with_address"))[0]["number"])
        else:
            number = await self._number(self._fitting(None))
        if not limit or offset >= number:
            return number, []
        if order in BY_CREATED and number >= self._total * _COMMON:
            conditions = self._conditions()
            conditions.holds(ORDERS["email"], self._part)
            part = Part(self._projects, None, number, offset, limit, order)
            return number, await self._paging.ids(part, conditions)
        rows = await self._sorted(order, limit=limit, offset=offset, by_address=by_address)
        return number, [row["account_id"] for row in rows]

    async def _sorted(
        self, order: tuple[str, ...], *, limit: int, offset: int, by_address: bool, numbered: bool = False
    ) -> list[Any]:
        """A page of all that fit, from the narrow table where it knows enough; `numbered`: with how many they are."""
        if not by_address:
            return await self._paging.rows(
                order, self._fitting(None), limit=limit, offset=offset, numbered=numbered
            )
        return await self._paging.rows(
            order, self._of_addresses(), limit=limit, offset=offset, numbered=numbered, of_addresses=True
        )

    async def _look(self) -> float:
        """The share of those that fit, as far as the first addresses tell."""
        conditions = Conditions()
        texts = {
            "{part}": conditions.value(self._part, "text"),
            "{most}": conditions.value(_LOOKED_AT, "bigint"),
        }
        self._of_projects(conditions)
        statement = put(_SQL["looked_at"], {**texts, "{conditions}": conditions.text})
        row = await self._connection.fetchrow(statement, *conditions.values)
        return float(row["fit"] / (row["seen"] or 1))

    def _of_addresses(self) -> Conditions:
        conditions = Conditions()
        conditions.holds("s.address", self._part)
        self._of_projects(conditions)
        return conditions

    def _of_projects(self, conditions: Conditions) -> None:
        if self._projects is not None:
            conditions.among("s.project_id", self._projects, "uuid")

    async def _addresses(self, query: str, most: int | None = None) -> list[Any]:
        conditions = self._of_addresses()
        texts = {"{conditions}": conditions.text}
        if most is not None:
            texts["{most}"] = conditions.value(most, "bigint")
        return await self._connection.fetch(put(_SQL[query], texts), *conditions.values)

    async def _number(self, conditions: Conditions) -> int:
        statement = put(_SQL["number"], {"{conditions}": conditions.text})
        return int(await self._connection.fetchval(statement, *conditions.values))
