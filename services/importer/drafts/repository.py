"""Drafts and their rows in Postgres."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final
from uuid import UUID

import asyncpg
import orjson

from services.common.database import Connection, Pool, transaction
from services.common.sql import load_queries
from services.importer.domain.rows import Verdict
from services.importer.drafts import files
from services.importer.drafts.copying import COLUMNS, HEADER, TRAILER, storable
from services.importer.drafts.model import Draft, SourceFile, preview_hash
from services.importer.drafts.protocol import Remembered
from services.importer.reading import Choices

_SQL = load_queries("services.importer.drafts")
LEASE: Final = timedelta(seconds=30)
"""A reader that has shown no progress for this long is dead. Longer than any wait it may meet on its way."""


class DraftTakenAway(Exception):
    """Somebody else reads the draft, or it is no longer being read: stop."""


class Drafts:
    """All that is done with the tables `drafts`, `draft_rows` and `draft_files` while files are read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, draft: Draft, file: BinaryIO, now: datetime) -> None:
        """Store a draft in state `reading`, with its bytes."""
        async with transaction(self._pool) as connection:
            await connection.execute(
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
                draft.source,
                to_json(asdict(draft.choices)),
            )
            await files.keep(connection, draft.draft_id, file)

    async def load_file(self, draft_id: UUID, file: BinaryIO) -> bool:
        """Write the draft's bytes to `file`; False if they are gone."""
        return await files.load(self._pool, _SQL["file_part"], draft_id, file)

    async def find(self, draft_id: UUID) -> Draft | None:
        """One draft."""
        row = await self._pool.fetchrow(_SQL["find_draft"], draft_id)
        return None if row is None else draft_of(row)

    async def remembered(self, project_id: UUID) -> Remembered | None:
        """What was chosen last for a file of this project."""
        row = await self._pool.fetchrow(_SQL["remembered"], project_id)
        if row is None:
            return None
        return Remembered(Choices(**orjson.loads(row["choices"])), tuple(orjson.loads(row["headings"])))

    async def opened(self, draft: Draft, layout: dict[str, Any]) -> None:
        """It is known how the file is read.

        Raises:
            DraftTakenAway: nothing was stored; so for the next three.
        """
        if await self._pool.fetchval(_SQL["opened"], draft.draft_id, draft.reading, to_json(layout)) is None:
            raise DraftTakenAway

    async def stage(self, draft: Draft, copy: bytes, *, staged: int, reached: int, now: datetime) -> None:
        """Store the next rows, `staged` in all with them, from the first `reached` bytes; renew the lease."""
        async with transaction(self._pool) as connection:
            ours = await connection.fetchval(
                _SQL["progress"], draft.draft_id, draft.reading, staged, reached, now + LEASE
            )
            if ours is None:
                raise DraftTakenAway
            await copy_rows(connection, copy)

    async def renew(self, draft: Draft, now: datetime) -> None:
        """The reader lives."""
        await self._pool.execute(_SQL["renew"], draft.draft_id, draft.reading, now + LEASE)

    async def let_go(self, draft: Draft, now: datetime) -> None:
        """We stop reading it; another copy may go on."""
        await self._pool.execute(_SQL["let_go"], draft.draft_id, draft.reading, now - LEASE)

    async def preview(
        self,
        draft: Draft,
        *,
        notes: list[dict[str, Any]],
        rows: int,
        blank: int,
        verdicts: dict[str, int],
        now: datetime,
    ) -> None:
        """All rows are staged: `reading` → `previewed`. A choice somebody made is remembered for the project."""
        async with transaction(self._pool) as connection:
            done = await connection.fetchrow(
                _SQL["preview"],
                draft.draft_id,
                draft.reading,
                to_json(notes),
                rows,
                blank,
                to_json(verdicts),
                preview_hash(draft.draft_id, draft.reading, draft.edition),
                await problems(connection, draft.draft_id),
            )
            if done is None:
                raise DraftTakenAway
            if draft.choices != Choices() and draft.source == "file":
                headings = (orjson.loads(done["layout"]) or {}).get("headings", [])
                await connection.execute(
                    _SQL["remember"], draft.project_id, done["choices"], to_json(headings), now
                )

    async def reject(self, draft: Draft, fault: dict[str, Any], layout: dict[str, Any] | None = None) -> None:
        """`reading` → `rejected`; staged rows go, and the file too unless another choice may help."""
        keep = bool(fault.get("choices")) or draft.choices != Choices()
        shown = None if layout is None else to_json(layout)
        await self._pool.execute(
            _SQL["reject"], draft.draft_id, draft.reading, to_json(fault), shown, keep and draft.has_file
        )

    async def page(
        self,
        draft_id: UUID,
        *,
        after: int,
        limit: int,
        verdict: Verdict | None = None,
        code: str | None = None,
        text: str | None = None,
    ) -> list[asyncpg.Record]:
        """Rows after row number `after`, in order."""
        pattern = None if not text else f"%{_escaped(text)}%"
        wanted = None if code is None else storable(code)
        return await self._pool.fetch(_SQL["page"], draft_id, after, verdict, wanted, pattern, limit)

    async def read_again(self, draft: Draft, *, now: datetime) -> Draft | None:
        """Begin the same reading once more; None if somebody else did."""
        async with transaction(self._pool) as connection:
            found = await lock_draft(connection, draft.draft_id)
            if found is None or (found.state, found.reading) != ("reading", draft.reading):
                return None
            return await start_again(connection, found, found.choices, found.attempts + 1, now)

    async def take_abandoned(self, now: datetime) -> Draft | None:
        """A draft whose reader died, now ours to read from the start."""
        async with transaction(self._pool) as connection:
            row = await connection.fetchrow(_SQL["lock_abandoned"], now)
            if row is None:
                return None
            found = draft_of(row)
            return await start_again(connection, found, found.choices, found.attempts + 1, now)

    async def expire(self, now: datetime, limit: int) -> int:
        """Expire up to `limit` drafts that are over their time; returns how many."""
        return int(await self._pool.fetchval(_SQL["expire"], now, limit))


async def start_again(
    connection: Connection, draft: Draft, choices: Choices, attempts: int, now: datetime
) -> Draft:
    """Delete what was staged and begin a new reading of a locked draft."""
    row = await connection.fetchrow(
        _SQL["read_again"], draft.draft_id, attempts, now + LEASE, to_json(asdict(choices))
    )
    assert row is not None  # noqa: S101 - it is locked
    return draft_of(row)


async def copy_rows(connection: Connection, copy: bytes) -> None:
    """Store rows that `drafts.copying` has encoded."""

    async def stream() -> Any:
        yield HEADER
        yield copy
        yield TRAILER

    await connection.copy_to_table("draft_rows", source=stream(), columns=COLUMNS, format="binary")


async def problems(connection: Connection, draft_id: UUID) -> str:
    """What is wrong or odd with the staged rows, by cause, as it is stored."""
    return str(await connection.fetchval(_SQL["problems"], draft_id))


async def lock_draft(connection: Connection, draft_id: UUID) -> Draft | None:
    """One draft, locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["lock_draft"], draft_id)
    return None if row is None else draft_of(row)


def draft_of(row: asyncpg.Record) -> Draft:
    """A draft, read from its table."""
    return Draft(
        draft_id=row["draft_id"],
        state=row["state"],
        project_id=row["project_id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        expires_at=row["expires_at"],
        file=SourceFile(row["file_name"], row["file_bytes"], row["file_sha256"]),
        source=row["source"],
        choices=Choices(**orjson.loads(row["choices"])),
        reading=row["reading"],
        attempts=row["attempts"],
        edition=row["edition"],
        has_file=row["has_file"],
        layout=_parsed(row["layout"]),
        notes=_parsed(row["notes"]) or [],
        fault=_parsed(row["fault"]),
        problems=_parsed(row["problems"]) or [],
        rows=row["rows"],
        blank=row["blank"],
        bytes_read=row["bytes_read"],
        verdicts=_parsed(row["verdicts"]),
        preview_hash=row["preview_hash"],
        seen_before=_parsed(row["seen_before"]),
    )


def to_json(value: Any) -> str:
    """A value for a jsonb column."""
    return orjson.dumps(value).decode().replace("\\u0000", "\\u2400")


def _parsed(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def _escaped(text: str) -> str:
    return text.replace("\0", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
