"""Reading accounts: filters, a closed list of orders, and pages by number as Waldur's clients expect them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.accounts")

ORDERS = {
    "created": "a.created",
    "email": "a.email",
    "modified": "a.modified",
    "project_end_date": "p.end_date",
    "project_name": "p.name",
    "project_start_date": "p.start_date",
    "state": "a.standing",
    "username": "a.username",
}
_NEWEST_FIRST = ("-created",)


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts: a part of the address (any case), the exact username, standings, a project."""

    email: str | None = None
    username: str | None = None
    standings: Collection[str] | None = None
    project_id: UUID | None = None

    def parameters(self) -> tuple[Any, ...]:
        """As the queries take them."""
        standings = None if self.standings is None else list(self.standings)
        return self.email, self.username, standings, self.project_id


async def count_accounts(pool: Pool, only: AccountFilter) -> int:
    """How many there are."""
    return int(await pool.fetchval(_SQL["count_accounts"], *only.parameters()))


async def list_accounts(
    pool: Pool, only: AccountFilter, order: Sequence[str], *, limit: int, offset: int
) -> list[Any]:
    """One page; `order` holds names of `ORDERS`, `-` in front reverses."""
    terms = [
        f"{ORDERS[name.removeprefix('-')]} {'DESC NULLS LAST' if name.startswith('-') else 'ASC NULLS FIRST'}"
        for name in (*order, *(() if order else _NEWEST_FIRST))
    ]
    query = _SQL["list_accounts"].replace("{order}", ", ".join([*terms, "a.account_id"]))
    return await pool.fetch(query, *only.parameters(), limit, offset)


async def one_account(pool: Pool, account_id: UUID) -> Any:
    """One account, or None."""
    return await pool.fetchrow(_SQL["one_account"], account_id)


async def has_version(pool: Pool, account_id: UUID, version: int) -> bool:
    """Whether the account is listed, with a fact that is at least so new."""
    return bool(await pool.fetchval(_SQL["has_version"], account_id, version))
