"""Reading imports: each answer from one statement, so from one snapshot."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.projector.import_progress")


async def one_import(pool: Pool, import_id: UUID, *, log_topic: str) -> Any:
    """The totals of an import; None until its ImportAccepted was folded."""
    return await pool.fetchrow(_SQL["one_import"], import_id, log_topic)


async def newest_imports(
    pool: Pool, after: tuple[datetime, UUID] | None, *, project_id: UUID | None, log_topic: str, limit: int
) -> list[Any]:
    """Totals of up to `limit` imports, newest first, those after a place."""
    submitted, import_id = after or (None, None)
    return await pool.fetch(_SQL["newest_imports"], submitted, import_id, project_id, log_topic, limit)
