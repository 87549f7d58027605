"""Reading projects."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.projects")


async def list_projects(
    pool: Pool,
    after: tuple[str, UUID] | None,
    *,
    among: Sequence[UUID] | None,
    kind: str | None = None,
    text: str | None = None,
    limit: int,
) -> list[Any]:
    """Up to `limit` projects by name, after a place; those `among` some, of a `kind`, with `text` in the name."""
    name, project_id = after or (None, None)
    return await pool.fetch(_SQL["list_projects"], name, project_id, limit, among, kind or None, text or None)


async def one_project(pool: Pool, project_id: UUID) -> Any:
    """One project, or None."""
    return await pool.fetchrow(_SQL["one_project"], project_id)
