"""Reading what waits: everything in one answer is from one snapshot."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from schemas.row_class import RowClass
from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.sql import load_queries
from services.projector.import_rows.query import RowFilter, list_rows
from services.projector.waiting.report import Group, held_back

_SQL = load_queries("services.projector.waiting")
_WAITING = RowFilter(classes=(RowClass.WAITING,))


class Waiting(NamedTuple):
    """What waits: for another attempt, and for the account service; the accounts that wait longest."""

    retrying: list[Group]
    pending: list[Group]
    oldest: list[Any]
    target: Any
    names: dict[UUID | None, str]


async def what_waits(pool: Pool, *, oldest: int) -> Waiting:
    """All that waits, and the `oldest` accounts of those that wait for another attempt."""
    async with (
        pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        target = await connection.fetchrow(_SQL["target"])
        retrying = [Group(*row) for row in await connection.fetch(_SQL["waiting_groups"])]
        longest = await connection.fetch(_SQL["oldest_waiting"], oldest)
        paused = target is not None and target["paused"]
        pending = held_back(await connection.fetch(_SQL["maybe_pending"])) if paused else []
        projects = {group.project_id for group in (*retrying, *pending) if group.project_id}
        named = await connection.fetch(_SQL["project_names"], list(projects)) if projects else []
    return Waiting(retrying, pending, longest, target, {row["project_id"]: row["name"] for row in named})


async def first_rows(pool: Pool, pending: Collection[Group], *, limit: int) -> tuple[Group, list[Any]] | None:
    """The first rows of the import that has been held back longest."""
    if not pending or limit < 1:
        return None
    longest = min(pending, key=lambda group: (group.since is None, group.since, group.import_id.int))
    return longest, await list_rows(pool, longest.import_id, _WAITING, limit=limit)
