"""Reading what changed, and the rows themselves: each for many imports in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.sql import load_queries
from services.projector.import_changes.news import Entry, Ring
from services.projector.import_rows.answers import row_answer

_SQL = load_queries("services.projector.import_changes")


class RowOf(NamedTuple):
    """A row of an import."""

    import_id: UUID
    row: int


async def rings(pool: Pool, import_ids: Sequence[UUID]) -> dict[UUID, Ring]:
    """How far imports are, and what the ring holds of them, in one snapshot."""
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
        found = await connection.fetch(_SQL["rings"], import_ids)
    there: defaultdict[UUID, dict[int, int]] = defaultdict(dict)
    held: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for import_id, partition, before, version, first_row, last_row, changed in found:
        if before is None:
            there[import_id][partition] = version
        else:
            held[import_id].append(Entry(partition, before, version, first_row, last_row, changed))
    return {import_id: Ring(there[import_id], held.get(import_id, ())) for import_id in there}


async def rows_now(pool: Pool, asked: Sequence[RowOf]) -> dict[RowOf, dict[str, Any]]:
    """Rows as the list of rows shows them."""
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
        rows = await connection.fetch(_SQL["rows_now"], *zip(*asked, strict=True))
    return {RowOf(row["import_id"], row["row"]): row_answer(row) for row in rows}
