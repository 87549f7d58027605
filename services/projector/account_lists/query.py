"""Reading a page of a list and its length, in one snapshot."""

from collections.abc import Sequence
from typing import Any

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.projector.account_lists.filters import AccountFilter
from services.projector.account_lists.reading import Reading

_NEWEST_FIRST = ("-created",)


async def read_list(
    pool: Pool, only: AccountFilter, order: Sequence[str], *, limit: int, offset: int
) -> tuple[int, list[Any]]:
    """How many accounts fit, and a page of them; `order` holds names of `ORDERS`, `-` in front reverses."""
    async with (
        pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await Reading(connection, only).read(tuple(order) or _NEWEST_FIRST, limit=limit, offset=offset)
