"""What one import left behind, byte for byte: what the floors of the next measurements work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import asyncpg
import orjson
from aiokafka import TopicPartition

from bench.floors import log
from bench.stack import Running
from schemas.codec import event_type
from schemas.facts import AccountCreated, AccountRequested
from schemas.topics import LOG
from services.common.records import Message

_STAGED = "SELECT * FROM importer.draft_rows WHERE draft_id = $1 ORDER BY row"
_ROWS = "SELECT * FROM projector.import_rows WHERE import_id = $1 ORDER BY row"
_ACCOUNTS = """
SELECT a.* FROM projector.accounts AS a
WHERE a.account_id IN (SELECT r.account_id FROM projector.import_rows AS r WHERE r.import_id = $1)
"""
_BODIES = "SELECT email, body FROM provisioner.accounts"
_BODIES_OF_IMPORT = f"{_BODIES} WHERE import_id = $1"


@dataclass(frozen=True, slots=True)
class Captured:
    """Rows, records and bodies of one import."""

    staged: Sequence[asyncpg.Record]
    rows: Sequence[asyncpg.Record]
    accounts: Sequence[asyncpg.Record]
    requested: Sequence[Message]
    created: Sequence[Message]
    bodies: Sequence[tuple[bytes, bytes]]
    """Each body cut in two where the address begins, so that another address fits in."""

    def fresh_bodies(self, mark: str) -> list[bytes]:
        """The same bodies for addresses that nobody has asked for."""
        word = mark.encode()
        return [before + word + after for before, after in self.bodies]


async def capture(system: Running, import_id: UUID, since: Mapping[TopicPartition, int]) -> Captured:
    """Read what the import left; `since` is where the log ended before it."""
    records = await log.read_between(system.kafka, since, await log.ends(system.kafka, LOG))
    by_type: dict[str | None, list[Message]] = {}
    for record in records:
        by_type.setdefault(event_type(record.headers), []).append(record)
    connection = await asyncpg.connect(system.postgres)
    try:
        return Captured(
            staged=await connection.fetch(_STAGED, import_id),
            rows=await connection.fetch(_ROWS, import_id),
            accounts=await connection.fetch(_ACCOUNTS, import_id),
            requested=by_type[AccountRequested.TYPE],
            created=by_type[AccountCreated.TYPE],
            bodies=_cut_all(await connection.fetch(_BODIES_OF_IMPORT, import_id)),
        )
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies of creates as the provisioner sent them, to be sent again for other people."""

    cut: Sequence[tuple[bytes, bytes]]

    def fresh(self, count: int, mark: str) -> list[bytes]:
        """So many, for addresses that nobody has asked for; marks differ in their letters."""
        laps = (
            before + b"%b%d." % (mark.encode(), lap) + after
            for lap in range(count // len(self.cut) + 1)
            for before, after in self.cut
        )
        return list(islice(laps, count))


async def sent_bodies(connection: asyncpg.Connection) -> Bodies:
    """The bodies of all accounts in a provisioner's tables."""
    return Bodies(_cut_all(await connection.fetch(_BODIES)))


def _cut_all(rows: Sequence[asyncpg.Record]) -> list[tuple[bytes, bytes]]:
    return [_cut(row["email"], row["body"]) for row in rows]


def _cut(email: str, body: bytes) -> tuple[bytes, bytes]:
    at = body.index(orjson.dumps({"email": email})[1:-1]) + len('"email":"')
    return body[:at], body[at:]
