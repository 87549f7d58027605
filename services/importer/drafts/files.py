"""The bytes of uploads in Postgres, in pieces, so that any copy of the importer can read them."""

import asyncio
from collections.abc import AsyncIterator
from typing import BinaryIO, Final
from uuid import UUID

from services.common.database import Connection, Pool

PART: Final = 256 * 1024
_COLUMNS: Final = ("draft_id", "part", "bytes")


async def keep(connection: Connection, draft_id: UUID, file: BinaryIO) -> None:
    """Store what is in `file`, from its beginning."""

    async def parts() -> AsyncIterator[tuple[UUID, int, bytes]]:
        number = 0
        while data := await asyncio.to_thread(_part, file, number):
            yield draft_id, number, data
            number += 1

    await connection.copy_records_to_table("draft_files", records=parts(), columns=_COLUMNS)


async def load(pool: Pool, query: str, draft_id: UUID, file: BinaryIO) -> bool:
    """Write what was kept to `file`; False if nothing was."""
    number = 0
    while (data := await pool.fetchval(query, draft_id, number)) is not None:
        await asyncio.to_thread(file.write, data)
        number += 1
    await asyncio.to_thread(file.flush)
    return number > 0


def _part(file: BinaryIO, number: int) -> bytes:
    file.seek(number * PART)
    return file.read(PART)
