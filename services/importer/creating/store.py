"""Imports that are asked for directly, in Postgres: all of one in one transaction, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec
import orjson

from schemas.projects import CourseProject
from services.common.database import Pool, transaction
from services.common.sql import load_queries
from services.importer.domain.direct import counted
from services.importer.domain.preview import requested
from services.importer.domain.rows import StagedRow
from services.importer.drafts.copying import COLUMNS, HEADER, TRAILER, Copying
from services.importer.submission.waiting import Place

_SQL = load_queries("services.importer.creating")


class Earlier(NamedTuple):
    """What was asked for under an id before. `gone`: its rows were removed."""

    fingerprint: bytes
    gone: bool


@dataclass(frozen=True, slots=True)
class Direct:
    """An import ready to be stored. `size` and `fingerprint`: of what was sent."""

    import_id: UUID
    project: CourseProject
    author: str
    key: str | None
    at: datetime
    rows: Sequence[StagedRow]
    size: int
    fingerprint: bytes


async def earlier(pool: Pool, import_id: UUID) -> Earlier | None:
    """What was asked for under this id."""
    row = await pool.fetchrow(_SQL["earlier"], import_id)
    return None if row is None else Earlier(row["file_sha256"], row["purged_at"] is not None)


async def add(pool: Pool, direct: Direct, copy: bytes) -> bool:
    """Store it; False if something is there under its id already. `copy`: see `copy_of`."""
    verdicts = counted(direct.rows)
    text = orjson.dumps(verdicts).decode()
    async with transaction(pool) as connection:
        added = await connection.fetchval(
            _SQL["add_draft"],
            direct.import_id,
            direct.project.project_id,
            direct.at,
            direct.author,
            direct.size,
            direct.fingerprint,
            len(direct.rows),
            text,
        )
        if added is None:
            return False
        await connection.copy_to_table("draft_rows", source=BytesIO(copy), columns=COLUMNS, format="binary")
        await connection.execute(
            _SQL["add_import"],
            direct.import_id,
            msgspec.json.encode(direct.project.snapshot()).decode(),
            direct.author,
            direct.at,
            direct.key,
            direct.size,
            direct.fingerprint,
            len(direct.rows),
            requested(verdicts),
            text,
        )
    return True


def copy_of(import_id: UUID, rows: Sequence[StagedRow]) -> bytes:
    """The rows as COPY takes them; not for the event loop."""
    return HEADER + Copying(import_id).encode(rows)[0] + TRAILER


async def places(pool: Pool, import_id: UUID) -> list[Place] | None:
    """Where the last record of an import lies in each partition; None while it is not wholly on the log."""
    row = await pool.fetchrow(_SQL["places"], import_id)
    if row is None:
        return None
    found = {int(partition): offset for partition, offset in orjson.loads(row["places"] or "{}").items()}
    first = row["accepted_partition"]
    if first is not None:
        found[first] = max(found.get(first, 0), row["accepted_offset"])
    return sorted(found.items())


async def staged(pool: Pool, import_id: UUID) -> list[asyncpg.Record]:
    """The rows of an import that ask for something, in order."""
    return await pool.fetch(_SQL["staged"], import_id)
