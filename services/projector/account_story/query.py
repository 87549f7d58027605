"""Reading the story of one account."""

from typing import Any, NamedTuple
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.account_story")


class Story(NamedTuple):
    """Some events of one account, and the project that the account is of."""

    project_id: UUID
    events: list[Any]


async def story_of(pool: Pool, account_id: UUID, *, after: tuple[int, int], limit: int) -> Story | None:
    """Up to `limit` events after a place (version and claims), in order; None if there is no such account."""
    rows = await pool.fetch(_SQL["story"], account_id, *after, limit)
    return Story(rows[0]["project_id"], [row for row in rows if row["kind"] is not None]) if rows else None
