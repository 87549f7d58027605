"""Reading imports: each answer from one statement, so from one snapshot."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.import_progress")


async def one_import(pool: Pool, import_id: UUID, *, log_topic: str) -> Any:
    """The totals of an import; None until its ImportAccepted was folded."""
    return await pool.fetchrow(_SQL["one_import"], import_id, log_topic)


@dataclass(frozen=True, slots=True)
class ImportFilter:
    """Which imports: of a project, from some sources, by an author, submitted in [after, before)."""

    project_id: UUID | None = None
    sources: Collection[str] | None = None
    author: str | None = None
    submitted_after: datetime | None = None
    submitted_before: datetime | None = None


async def newest_imports(
    pool: Pool, after: tuple[datetime, UUID] | None, only: ImportFilter, *, log_topic: str, limit: int
) -> list[Any]:
    """Totals of up to `limit` imports, newest first, those after a place."""
    submitted, import_id = after or (None, None)
    return await pool.fetch(
        _SQL["newest_imports"],
        submitted,
        import_id,
        only.project_id,
        log_topic,
        limit,
        list(only.sources) if only.sources else None,
        only.author,
        only.submitted_after,
        only.submitted_before,
    )
