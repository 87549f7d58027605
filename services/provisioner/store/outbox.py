"""The outbox: what was decided, until the log has confirmed it.

A batch's id is given out after the rows of its accounts are locked, so that an account's facts have ascending
ids in the order of their versions, whichever process wrote them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec

from schemas.codec import Encoded
from services.common.database import Connection
from services.common.records import Message
from services.common.sql import load_queries

_SQL = load_queries("services.provisioner.store", "outbox.sql")
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(list[tuple[bytes, bytes, list[tuple[str, bytes]]]]).decode


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts of one partition as they lie in the outbox; `age` is how long, in seconds, when they were read."""

    batch_id: int
    partition: int
    records: bytes
    age: float

    @property
    def messages(self) -> list[Message]:
        """The facts, ready to be published; decoded anew at each call."""
        return [Message(key, value, headers, self.partition) for key, value, headers in _DECODE(self.records)]


async def add(connection: Connection, facts: Iterable[tuple[int, Encoded]]) -> None:
    """Remember facts with their partitions, in order."""
    by_partition: defaultdict[int, list[Encoded]] = defaultdict(list)
    for partition, encoded in facts:
        by_partition[partition].append(encoded)
    if by_partition:
        await connection.execute(
            _SQL["add"], list(by_partition), [_ENCODE(records) for records in by_partition.values()]
        )


async def next_batches(
    connection: Connection, partitions: Collection[int], limit: int, *, after: int = 0
) -> list[Batch]:
    """The oldest unconfirmed batches with ids above `after`."""
    rows = await connection.fetch(_SQL["next"], list(partitions), limit, after)
    return [Batch(row["id"], row["partition"], row["records"], row["age"]) for row in rows]


async def oldest(connection: Connection, partitions: Collection[int], *, after: int) -> int | None:
    """The lowest id above `after` that still waits."""
    found: int | None = await connection.fetchval(_SQL["oldest"], list(partitions), after)
    return found


async def last_id(connection: Connection) -> int:
    """The highest id given out up to now, whether or not its batch is committed."""
    return int(await connection.fetchval(_SQL["last_id"]))


async def writers(connection: Connection) -> set[str]:
    """Transactions under way that may have put something in and are not committed."""
    return {row["virtualtransaction"] for row in await connection.fetch(_SQL["writers"])}


async def done(connection: Connection, batch_ids: Collection[int]) -> None:
    """Forget batches that the log has confirmed."""
    await connection.execute(_SQL["done"], list(batch_ids))


async def depth(connection: Connection) -> int:
    """How many batches wait for the relay."""
    return int(await connection.fetchval(_SQL["depth"]))
