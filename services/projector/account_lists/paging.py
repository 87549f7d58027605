"""The ids of the accounts of a page, found the cheapest way, and then all of them that is shown."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.account_lists.cells import OF_PROJECTS, Part
from services.projector.account_lists.spans import BY_CREATED
from services.projector.account_lists.statement import OF_ADDRESSES, Conditions, order_by, put

_SQL = load_queries("services.projector.account_lists")
NARROW: Final = 20_000
"""Accounts of projects that are cheaper looked through than those of all others passed."""
_MOST_ALONG: Final = 1_000
"""Projects that are gone along one by one."""
_WALK = 4
"""Where more than one in so many of all accounts would be passed over along a list, it is read by blocks."""
_LISTED: Final = "a.email IS NOT NULL"
_LISTED_ASIDE: Final = "(a.email IS NOT NULL) IS TRUE"
"""The same, so that the index accounts_created is out of the question: projects lie together in it, which the
statistics do not know, and walking along it may pass nearly everything."""
_JOINED: Final = "LEFT JOIN projects AS p ON p.project_id = a.project_id"


class Paging:
    """Finds pages in one snapshot; `total`: accounts of the projects that the list is about."""

    def __init__(self, connection: Connection, *, all_projects: bool, total: int) -> None:
        self._connection = connection
        self._all_projects = all_projects
        self._total = total

    async def shown(self, ids: Sequence[UUID]) -> list[Any]:
        """The accounts with these ids as they are shown, in their order."""
        return await self._connection.fetch(_SQL["shown"], ids) if ids else []

    async def ids(self, part: Part, conditions: Conditions, *, walk: bool = True) -> list[UUID]:
        """Those of a part of a page, from the nearer end.

        Args:
            part: what is wanted of all that fit, which are exactly `part.number`.
            conditions: what they fulfil, beside being of its projects.
            walk: whether it is good to go along a list by time; else all that fit are sorted.
        """
        far = part.offset > part.number // 2
        limit = min(part.limit, part.number - part.offset)
        offset = part.number - part.offset - limit if far else part.offset
        if limit <= 0:
            return []
        if walk and part.order in BY_CREATED and 1 < len(part.projects or ()) <= _MOST_ALONG:
            rows = await self._along(part, conditions, limit=limit, offset=offset, back=far)
        else:
            if part.projects is not None:
                conditions.among("a.project_id", part.projects, "uuid")
            listed = self._listed(part) if walk else _LISTED_ASIDE
            statement = _ids(part.order, conditions, limit=limit, offset=offset, back=far, listed=listed)
            rows = await self._fetch(part, statement, conditions, sorts=not walk)
        ids = [row["account_id"] for row in rows]
        return ids[::-1] if far else ids

    async def of_addresses(
        self, order: Sequence[str], conditions: Conditions, *, number: int, limit: int, offset: int
    ) -> list[UUID]:
        """A page of all that fulfil conditions on addresses: from the narrow table, which is read in half the time."""
        far = offset > number // 2
        limit = min(limit, number - offset)
        texts = {
            "{order}": order_by(order, back=far, fields=OF_ADDRESSES, table="s"),
            **_bounds(conditions, limit, number - offset - limit if far else offset),
            "{conditions}": conditions.text,
        }
        await self._connection.fetch(_SQL["with_room"])
        rows = await self._connection.fetch(put(_SQL["ids_of_addresses"], texts), *conditions.values)
        ids = [row["account_id"] for row in rows]
        return ids[::-1] if far else ids

    async def _along(
        self, part: Part, conditions: Conditions, *, limit: int, offset: int, back: bool
    ) -> list[Any]:
        """Along each project by time, then the best of all of them."""
        texts = {
            "{order}": order_by(part.order, back=back),
            "{order_of_found}": order_by(part.order, back=back, fields={"created": "f.created"}, table="f"),
            "{projects}": conditions.value(part.projects, "uuid[]"),
            "{most}": conditions.value(offset + limit, "bigint"),
            **_bounds(conditions, limit, offset),
            "{conditions}": conditions.text,
        }
        if offset > NARROW:
            await self._connection.fetch(_SQL["with_room"])
        return await self._connection.fetch(put(_SQL["ids_along"], texts), *conditions.values)

    async def within_projects(self, *, all_projects: bool) -> None:
        """See to it that what is read next is read of its projects alone, unless it is about all."""
        if not all_projects:
            await self._connection.fetch(_SQL["within_projects"])

    async def _fetch(self, part: Part, statement: str, conditions: Conditions, *, sorts: bool) -> list[Any]:
        passed = (part.offset + part.limit) * _WALK > part.number
        if part.states is not None and part.between is None and passed:
            await self._connection.fetch(_SQL["along_blocks"])
            rows = await self._connection.fetch(statement, *conditions.values)
            await self._connection.fetch(_SQL["as_usual"])
            return rows
        if sorts or part.order not in BY_CREATED:
            await self.within_projects(all_projects=self._all_projects and part.projects is None)
            if part.number > NARROW:
                await self._connection.fetch(_SQL["with_room"])
        return await self._connection.fetch(statement, *conditions.values)

    def _listed(self, part: Part) -> str:
        """Whether it is better to look through the projects than to pass accounts of all others."""
        if part.projects is None:
            within = not self._all_projects and self._total <= NARROW
        else:
            within = len(part.projects) == 1 or part.number <= NARROW or part.between is not None
        return _LISTED_ASIDE if within else _LISTED


def _ids(
    order: Sequence[str],
    conditions: Conditions,
    *,
    limit: int,
    offset: int,
    listed: str,
    back: bool,
) -> str:
    joined = OF_PROJECTS & {name.removeprefix("-") for name in order}
    texts = {
        "{order}": order_by(order, back=back),
        "{joined}": _JOINED if joined else "",
        "{listed}": listed,
        **_bounds(conditions, limit, offset),
        "{conditions}": conditions.text,
    }
    return put(_SQL["ids"], texts)


def _bounds(conditions: Conditions, limit: int, offset: int) -> dict[str, str]:
    return {"{limit}": conditions.value(limit, "bigint"), "{offset}": conditions.value(offset, "bigint")}
