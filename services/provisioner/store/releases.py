"""Claims to give up, as rows: chunks of one import and partition."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from schemas.topics import LOG_PARTITIONS
from services.common.database import Connection
from services.common.partitioner import partitions_for
from services.common.sql import load_queries

_SQL = load_queries("services.provisioner.store", "releases.sql")
CHUNK_ROWS = 500

Cause = Literal["undo", "correction"]
Claim = tuple[UUID, UUID]
"""An account and the request that claims it."""


@dataclass(frozen=True, slots=True)
class Release:
    """Claims of one import and partition to give up; without any: all that the import has there."""

    release_id: UUID
    partition: int
    import_id: UUID
    cause: Cause
    author: str
    account_ids: Sequence[UUID]
    request_ids: Sequence[UUID]
    looks: int = 0


async def queue(
    connection: Connection,
    import_id: UUID,
    claims: Sequence[Claim],
    *,
    cause: Cause,
    author: str,
    now: datetime,
) -> None:
    """Remember claims to give up; the same ones again, while they wait, change nothing."""
    rows = await connection.fetch(_SQL["partitions_of"], [account for account, _ in claims])
    known: dict[UUID, int] = {row["account_id"]: row["partition"] for row in rows}
    unknown = [account for account, _ in claims if account not in known]
    known |= zip(unknown, partitions_for([str(a).encode() for a in unknown], LOG_PARTITIONS), strict=True)
    await add(connection, _chunks(import_id, claims, known, cause, author), due_at=now)


async def queue_all(
    connection: Connection, import_id: UUID, partitions: Collection[int], *, author: str, now: datetime
) -> None:
    """Remember that an import gives up every claim it has."""
    everything = [
        Release(uuid5(import_id, f"undo/{partition}"), partition, import_id, "undo", author, (), ())
        for partition in partitions
    ]
    await add(connection, everything, due_at=now)


async def add(connection: Connection, releases: Iterable[Release], *, due_at: datetime) -> None:
    """Queue chunks."""
    await connection.executemany(
        _SQL["add"],
        [
            (
                r.release_id,
                r.partition,
                r.import_id,
                r.cause,
                r.author,
                due_at,
                r.looks,
                list(r.account_ids),
                list(r.request_ids),
            )
            for r in releases
        ],
    )


async def take(
    connection: Connection, partitions: Collection[int], *, now: datetime, most: int
) -> list[Release]:
    """The next due chunks, fair between imports; they are gone with the transaction."""
    rows = await connection.fetch(_SQL["take"], list(partitions), now, most)
    return [
        Release(
            row["release_id"],
            row["partition"],
            row["import_id"],
            row["cause"],
            row["author"],
            row["account_ids"],
            row["request_ids"],
            row["looks"],
        )
        for row in rows
    ]


async def claimed_by(connection: Connection, partition: int, import_id: UUID) -> list[UUID]:
    """The accounts of a partition that an import has a claim on. Reads them all: for healing only."""
    rows = await connection.fetch(_SQL["claimed_by"], partition, import_id)
    return [row["account_id"] for row in rows]


def _chunks(
    import_id: UUID, claims: Sequence[Claim], partitions: dict[UUID, int], cause: Cause, author: str
) -> Iterator[Release]:
    groups: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in sorted(set(claims)):
        groups[partitions[claim[0]]].append(claim)
    for partition, members in groups.items():
        for start in range(0, len(members), CHUNK_ROWS):
            accounts, requests = zip(*members[start : start + CHUNK_ROWS], strict=True)
            name = f"{cause}/{partition}/{b''.join(r.bytes for r in requests).hex()}"
            yield Release(uuid5(import_id, name), partition, import_id, cause, author, accounts, requests)
