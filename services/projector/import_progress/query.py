"""Reading imports: each answer from one statement, so from one snapshot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.import_progress")


class Tag(NamedTuple):
    """What moves with any news of an import; neither part ever falls."""

    version: int
    target_changes: int

    def older_than(self, other: "Tag") -> bool:
        """Whether `other` has news."""
        return self.version < other.version or self.target_changes < other.target_changes


async def some_imports(pool: Pool, import_ids: Sequence[UUID], *, log_topic: str) -> list[Any]:
    """The totals of imports, in one snapshot; without those whose ImportAccepted was not folded yet."""
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
        return await connection.fetch(_SQL["some_imports"], import_ids, log_topic)


async def tags(pool: Pool, import_ids: Sequence[UUID]) -> dict[UUID, Tag]:
    """How far imports are."""
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
        rows = await connection.fetch(_SQL["tags"], import_ids)
    return {row["import_id"]: Tag(row["version"], row["target_changes"]) for row in rows}


@dataclass(frozen=True, slots=True)
class ImportFilter:
    """Which imports: of a project, `among` some, from some sources, by an author, submitted in [after, before)."""

    project_id: UUID | None = None
    among: Sequence[UUID] | None = None
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
        only.among,
    )
