"""Drafts and their rows in Postgres."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson

from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool
from services.common.sql import load_queries
from services.importer.domain.rows import StagedRow, Verdict
from services.importer.drafts.model import Draft, SourceFile

_SQL = load_queries("services.importer.drafts")
_COLUMNS: Final = (
    "draft_id",
    "row",
    "line",
    "email",
    "canonical_email",
    "description",
    "verdict",
    "code",
    "duplicate_of",
    "account_id",
)
LEASE: Final = timedelta(seconds=30)
"""A reader that has shown no progress for this long is dead. Longer than any wait it may meet on its way."""


class DraftTakenAway(Exception):
    """The draft is no longer being read: it was taken for abandoned. Stop reading it."""


class Drafts:
    """All that is done with the tables `drafts` and `draft_rows`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, draft: Draft, now: datetime) -> None:
        """Store a draft in state `reading`."""
        await self._pool.execute(
            _SQL["add_draft"],
            draft.draft_id,
            draft.project_id,
            draft.created_at,
            draft.created_by,
            draft.expires_at,
            now + LEASE,
            draft.file.name,
            draft.file.size,
            draft.file.sha256,
        )

    async def find(self, draft_id: UUID) -> Draft | None:
        """One draft."""
        row = await self._pool.fetchrow(_SQL["find_draft"], draft_id)
        return None if row is None else _draft(row)

    async def stage(self, draft_id: UUID, rows: Sequence[StagedRow], *, staged: int, now: datetime) -> None:
        """Store the next rows, `staged` in all with them, and renew the lease.

        Raises:
            DraftTakenAway: nothing was stored.
        """
        records = [
            (draft_id, *row[:7], row.duplicate_of, row.account_id and UUID(bytes=row.account_id))
            for row in rows
        ]
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection, connection.transaction():
            if await connection.fetchval(_SQL["progress"], draft_id, staged, now + LEASE) is None:
                raise DraftTakenAway
            await connection.copy_records_to_table("draft_rows", records=records, columns=_COLUMNS)

    async def renew(self, draft_id: UUID, now: datetime) -> None:
        """The reader lives."""
        await self._pool.execute(_SQL["renew"], draft_id, now + LEASE)

    async def preview(
        self,
        draft_id: UUID,
        *,
        layout: dict[str, Any],
        notes: list[dict[str, Any]],
        rows: int,
        blank: int,
        verdicts: dict[str, int],
        preview_hash: str,
    ) -> None:
        """All rows are staged: `reading` → `previewed`.

        Raises:
            DraftTakenAway: it was rejected meanwhile.
        """
        done = await self._pool.fetchval(
            _SQL["preview"],
            draft_id,
            _json(layout),
            _json(notes),
            rows,
            blank,
            _json(verdicts),
            preview_hash,
        )
        if done is None:
            raise DraftTakenAway

    async def reject(self, draft_id: UUID, fault: dict[str, Any]) -> None:
        """`reading` → `rejected`; staged rows go."""
        await self._pool.execute(_SQL["reject"], draft_id, _json(fault))

    async def page(
        self, draft_id: UUID, *, after: int, verdict: Verdict | None, limit: int
    ) -> list[asyncpg.Record]:
        """Rows after row number `after`, in order."""
        return await self._pool.fetch(_SQL["page"], draft_id, after, verdict, limit)

    async def reject_abandoned(self, fault: dict[str, Any], now: datetime) -> int:
        """Reject drafts whose reader died; returns how many."""
        return int(await self._pool.fetchval(_SQL["reject_abandoned"], now, _json(fault)))

    async def expire(self, now: datetime, limit: int) -> int:
        """Expire up to `limit` drafts that are over their time; returns how many."""
        return int(await self._pool.fetchval(_SQL["expire"], now, limit))


async def lock_draft(connection: Connection, draft_id: UUID) -> Draft | None:
    """One draft, locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["lock_draft"], draft_id)
    return None if row is None else _draft(row)


def _draft(row: asyncpg.Record) -> Draft:
    return Draft(
        draft_id=row["draft_id"],
        state=row["state"],
        project_id=row["project_id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        expires_at=row["expires_at"],
        file=SourceFile(row["file_name"], row["file_bytes"], row["file_sha256"]),
        layout=_parsed(row["layout"]),
        notes=_parsed(row["notes"]) or [],
        fault=_parsed(row["fault"]),
        rows=row["rows"],
        blank=row["blank"],
        verdicts=_parsed(row["verdicts"]),
        preview_hash=row["preview_hash"],
        seen_before=_parsed(row["seen_before"]),
    )


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _parsed(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
