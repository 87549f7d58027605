"""An import under command, as Postgres has it."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

import asyncpg

from services.common.database import Pool
from services.common.sql import load_queries
from services.importer.domain.commands import Recorded
from services.importer.domain.submission import Refused

SQL = load_queries("services.importer.commands")


class CommandRefused(Exception):
    """Nothing was done; `refused` says why. `row`: another row that stands in the way."""

    def __init__(self, refused: Refused, *, field: str | None = None, row: int | None = None) -> None:
        super().__init__(refused.detail)
        self.refused = refused
        self.field = field
        self.row = row


@dataclass(frozen=True, slots=True)
class Target:
    """A submitted import: how far it is on the log, and what was asked of it."""

    import_id: UUID
    project_id: UUID
    requested: int
    requested_to: int
    sent_to: int | None
    recorded: Recorded

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Self:
        """Read from `find`."""
        whole = row["published_at"] is not None and row["cancelled_to"] is None
        return cls(
            import_id=row["import_id"],
            project_id=UUID(row["project_id"]),
            requested=row["requested"],
            requested_to=row["requested_to"],
            sent_to=None if whole else row["sending_to"],
            recorded=Recorded(
                cancel=row["cancel_at"] is not None,
                undo=row["undo_at"] is not None,
                purged=row["purged_at"] is not None,
            ),
        )


async def find(pool: Pool, import_id: UUID) -> Target | None:
    """One import, if it was ever submitted."""
    row = await pool.fetchrow(SQL["find"], import_id)
    return None if row is None else Target.from_row(row)
