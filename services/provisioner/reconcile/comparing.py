"""The two lists side by side, in the database: memory stays the same however long they are."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool
from services.common.sql import load_queries
from services.provisioner.backends.outcomes import FoundAccount

_SQL = load_queries("services.provisioner.reconcile", "comparing.sql")

_LONGEST_S = 600.0

Where = Literal["target", "ours"]


@dataclass(frozen=True, slots=True)
class Orphan:
    """An account that only one side knows as live: at the target, or among ours.

    `account_id`: ours of the same address and scope, if there is one. `checked`: whether it was looked at once more.
    """

    where: Where
    username: str
    email: str | None
    scope: str | None
    account_id: UUID | None
    checked: bool = False


class Comparison:
    """The accounts of the target beside ours; of one connection, and gone with it."""

    def __init__(self, connection: Connection) -> None:
        """Made by `comparison`."""
        self._connection = connection

    async def add(self, found: Sequence[FoundAccount]) -> None:
        """Some of the target's accounts."""
        await self._connection.copy_records_to_table(
            "found_accounts", records=[(one.username, one.email, one.scope) for one in found]
        )

    async def orphans(self, where: Where, *, most: int) -> list[Orphan]:
        """At most so many of those that only one side knows, once all are listed."""
        await self._connection.execute(_SQL["listed"], timeout=_LONGEST_S)
        query = _SQL["strangers" if where == "target" else "missing"]
        rows = await self._connection.fetch(query, most, timeout=_LONGEST_S)
        return [Orphan(where, r["username"], r["email"], r["scope"], r["account_id"]) for r in rows]

    async def stands_for(self, account_id: UUID, username: str) -> bool:
        """Whether an account of ours is live under this name now."""
        stands: bool = await self._connection.fetchval(_SQL["stand"], account_id, username)
        return stands


@asynccontextmanager
async def comparison(pool: Pool) -> AsyncIterator[Comparison]:
    """An empty comparison."""
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
        await connection.execute(_SQL["forget"])
        await connection.execute(_SQL["begin"])
        # Whole tables are read, which may take longer than what anybody waits for; the pool puts it back.
        await connection.execute(_SQL["patience"])
        try:
            yield Comparison(connection)
        finally:
            if not connection.is_closed():
                await connection.execute(_SQL["forget"])
