"""Reading the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.importer.access", "trail.sql")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: those that fit all that is said."""

    user_id: str | None = None
    action: str | None = None
    object_id: str | None = None
    project_id: UUID | None = None
    after: datetime | None = None
    before: datetime | None = None


async def page_of(pool: Pool, wanted: Wanted, *, below: int | None, limit: int) -> Sequence[Any]:
    """Entries with a number below `below`, the newest first."""
    return await pool.fetch(
        _SQL["page"],
        wanted.user_id,
        wanted.action,
        wanted.object_id,
        wanted.project_id,
        wanted.after,
        wanted.before,
        below,
        limit,
    )
