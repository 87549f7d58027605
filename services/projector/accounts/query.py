"""Reading one account; lists of them are `services.projector.account_lists`."""

from typing import Any
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.accounts")


async def one_account(pool: Pool, account_id: UUID) -> Any:
    """One account, or None."""
    return await pool.fetchrow(_SQL["one_account"], account_id)


async def has_version(pool: Pool, account_id: UUID, version: int) -> bool:
    """Whether the account is listed, with a fact that is at least so new."""
    return bool(await pool.fetchval(_SQL["has_version"], account_id, version))
