"""Requested imports in Postgres: staged and submitted in one go, once."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import asyncpg
import msgspec
import orjson

from schemas.requests import Request
from services.common.database import Connection, Pool
from services.common.records import Record
from services.common.sql import load_queries
from services.importer.domain.preview import requested
from services.importer.domain.requests import IMPORT_ID_TAKEN, Asked
from services.importer.drafts.copying import COLUMNS, HEADER, TRAILER, Copying

SQL = load_queries("services.importer.requests")


async def add(connection: Connection, record: Record, asked: Asked, copy: bytes, *, now: datetime) -> bool:
    """Store an import with its rows; False if this very import is there already.

    Raises:
        Unreadable: its id is taken by another.
    """
    project_id = asked.project.project_id
    if await _known(connection, asked):
        return False
    added = await connection.fetchval(
        SQL["add_request"], asked.import_id, asked.source, asked.key, project_id
    )
    if added is None:  # another copy was quicker
        if await _known(connection, asked):
            return False
        raise IMPORT_ID_TAKEN
    verdicts = orjson.dumps(asked.verdicts).decode()
    value = record.value or b""
    drafted = await connection.fetchval(
        SQL["add_draft"],
        asked.import_id,
        project_id,
        now,
        asked.author,
        len(value),
        sha256(value).digest(),
        len(asked.rows),
        verdicts,
    )
    if drafted is None:
        raise IMPORT_ID_TAKEN
    await connection.copy_to_table("draft_rows", source=BytesIO(copy), columns=COLUMNS, format="binary")
    await connection.execute(
        SQL["add_import"],
        asked.import_id,
        msgspec.json.encode(asked.project).decode(),
        asked.author,
        now,
        asked.key,
        len(asked.rows),
        requested(asked.verdicts),
        verdicts,
        asked.cause_id,
    )
    return True


def copy_of(asked: Asked) -> bytes:
    """The rows as COPY takes them; not for the event loop."""
    return HEADER + Copying(asked.import_id).encode(asked.rows)[0] + TRAILER


async def is_known(pool: Pool, request: Request) -> bool:
    """Whether this source asked for this before, under this key and for this project.

    Raises:
        Unreadable: key or id stand for something else.
    """
    wish = request.wish
    import_id = wish.id_from(request.source)
    earlier = await pool.fetch(SQL["earlier"], import_id, request.source, wish.idempotency_key)
    return _same(earlier, request.source, wish.idempotency_key, wish.project)


async def _known(connection: Connection, asked: Asked) -> bool:
    earlier = await connection.fetch(SQL["earlier"], asked.import_id, asked.source, asked.key)
    return _same(earlier, asked.source, asked.key, asked.project.project_id)


def _same(earlier: Sequence[asyncpg.Record], source: str, key: str, project_id: UUID) -> bool:
    for row in earlier:
        if (row["source"], row["idempotency_key"], row["project_id"]) == (source, key, project_id):
            return True
    if earlier:
        raise IMPORT_ID_TAKEN
    return False
