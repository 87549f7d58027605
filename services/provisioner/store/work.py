"""The durable work queue: chunks of accounts, claimed with leases. Nothing per account is written to queue it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any
from uuid import UUID

import asyncpg

from services.common.database import Connection
from services.common.sql import load_queries

_SQL = load_queries("services.provisioner.store", "work.sql")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Accounts of one project, import and partition that wait for something to be done."""

    chunk_id: UUID
    partition: int
    project_id: UUID
    import_id: UUID
    account_ids: Sequence[UUID]
    fresh: bool = True
    """Whether nobody held it before: then no call was made for it that nobody recorded."""


@dataclass(frozen=True, slots=True)
class Lease:
    """In whose hands a chunk is, and until when if nothing more is heard.

    `ends` is the same a little earlier, by the monotonic clock of the process that holds it.
    """

    owner: UUID
    until: datetime
    ends: float = inf


@dataclass(frozen=True, slots=True)
class Room:
    """How many accounts more may be taken in hand at one moment.

    A newcomer with nothing in hand need not wait until others' work is done: `new_imports` and `new_projects`
    are the limits for what belongs to such an import, or project. `in_hand`: accounts by project and import.
    """

    anybody: int
    new_imports: int
    new_projects: int
    in_hand: Mapping[tuple[UUID, UUID], int]

    def __bool__(self) -> bool:
        """Whether it is worth looking for work at all."""
        return self.new_projects > 0


async def add(
    connection: Connection, chunks: Collection[Chunk], *, due_at: datetime, lease: Lease | None = None
) -> None:
    """Queue chunks, due at a time, or born leased."""
    if chunks:
        await connection.executemany(_SQL["add"], [_row(chunk, due_at, lease) for chunk in chunks])


async def add_later(connection: Connection, chunks: Collection[tuple[Chunk, datetime]]) -> None:
    """Queue chunks, each due at a time of its own."""
    if chunks:
        await connection.executemany(_SQL["add"], [_row(chunk, due_at, None) for chunk, due_at in chunks])


async def claim(
    connection: Connection, partitions: Collection[int], *, now: datetime, room: Room, lease: Lease
) -> list[Chunk]:
    """Take due chunks of some partitions, as many accounts as there is room for, fair between projects and imports."""
    rows = await connection.fetch(
        _SQL["claim"],
        list(partitions),
        now,
        room.anybody,
        lease.owner,
        lease.until,
        room.new_imports,
        room.new_projects,
        [project_id for project_id, _ in room.in_hand],
        [import_id for _, import_id in room.in_hand],
        list(room.in_hand.values()),
    )
    return list(map(_chunk, rows))


async def take_stopped(
    connection: Connection, partitions: Collection[int], import_ids: Collection[UUID], *, accounts: int
) -> list[Chunk]:
    """Take chunks of stopped imports that nobody held yet, due or not; they are gone with the transaction."""
    rows = await connection.fetch(_SQL["take_stopped"], list(partitions), list(import_ids), accounts)
    return list(map(_chunk, rows))


async def doubt(connection: Connection, partitions: Collection[int]) -> None:
    """Say of all chunks of some partitions that somebody may have called for them."""
    await connection.execute(_SQL["doubt"], list(partitions))


async def unheld(connection: Connection, account_ids: Collection[UUID]) -> set[UUID]:
    """Those of some accounts that certainly nobody has called for: they wait in chunks that nobody ever held.

    Lock the accounts first: whoever claims a chunk locks its accounts before it calls, and sees what was decided.
    """
    rows = await connection.fetch(_SQL["unheld"], list(account_ids))
    return {row["account_id"] for row in rows}


async def ours(connection: Connection, chunk_ids: Collection[UUID], owner: UUID) -> set[UUID]:
    """Which of these chunks an owner still holds; nobody takes them until the transaction ends."""
    rows = await connection.fetch(_SQL["ours"], list(chunk_ids), owner)
    return {row["chunk_id"] for row in rows}


async def finish(connection: Connection, chunk_ids: Collection[UUID], owner: UUID) -> None:
    """Forget chunks that are done."""
    if chunk_ids:
        await connection.execute(_SQL["finish"], list(chunk_ids), owner)


async def keep(connection: Connection, chunk_ids: Collection[UUID], lease: Lease) -> set[UUID]:
    """Extend the leases of chunks; returns those that are still their owner's."""
    rows = await connection.fetch(_SQL["keep"], list(chunk_ids), lease.owner, lease.until)
    return {row["chunk_id"] for row in rows}


async def put_back(connection: Connection, chunk_ids: Collection[UUID], owner: UUID) -> None:
    """Put chunks back that an owner still holds; somebody may have called for them."""
    await connection.execute(_SQL["put_back"], list(chunk_ids), owner)


async def release(
    connection: Connection, owner: UUID, partitions: Collection[int], untouched: Collection[UUID] = ()
) -> None:
    """Put back what an owner holds of some partitions; `untouched` chunks are as fresh as they were."""
    await connection.execute(_SQL["release"], owner, list(partitions), list(untouched))


def _row(chunk: Chunk, due_at: datetime, lease: Lease | None) -> tuple[Any, ...]:
    owner, until = (lease.owner, lease.until) if lease else (None, None)
    return (
        chunk.chunk_id,
        chunk.partition,
        chunk.project_id,
        chunk.import_id,
        due_at,
        owner,
        until,
        list(chunk.account_ids),
        chunk.fresh and lease is None,
    )


def _chunk(row: asyncpg.Record) -> Chunk:
    return Chunk(
        row["chunk_id"],
        row["partition"],
        row["project_id"],
        row["import_id"],
        row["account_ids"],
        row["was_fresh"],
    )
