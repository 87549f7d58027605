"""Drafts in lists: the newest first, without what only a preview shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.importer.drafts", "listing.sql")


async def newest_drafts(
    pool: Pool,
    projects: Sequence[UUID] | None,
    states: Sequence[str] | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Drafts of these projects in these states, after a place; None: of all, in any, from the first."""
    moment, draft_id = after or (None, None)
    return await pool.fetch(_SQL["newest"], projects, states, moment, draft_id, limit)
