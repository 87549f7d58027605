"""How far a service has read the log: rows of its own schema, moved by compare-and-set (reliability R30).

The table (`positions`: topic, partition, next_offset, as_of, fingerprint) is part of each service's own migrations. A
position moves in the transaction that writes what was read; a twin that woke late moves nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from services.common.database import Connection, Database
from services.common.fingerprints import Position, fingerprints
from services.common.records import PositionLost, Record, TopicPartition
from services.common.sql import load_queries

_SQL = load_queries("services.common", "positions.sql")


async def read_positions(pool: Database, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The stored next offsets, each a `Position`; a partition never read is absent."""
    rows = await pool.fetch(
        _SQL["read_positions"], [p.topic for p in partitions], [p.partition for p in partitions]
    )
    return {
        TopicPartition(row["topic"], row["partition"]): Position(row["next_offset"], row["fingerprint"])
        for row in rows
    }


async def move_positions(
    connection: Connection,
    moves: Mapping[TopicPartition, tuple[int, int]],
    *,
    as_of: datetime,
    records: Sequence[Record] = (),
) -> None:
    """Move each partition from (expected, next) offsets, all or none; `expected` 0 may mean "never read".

    Args:
        connection: in the transaction that stores what was read.
        moves: by partition.
        as_of: up to when the tables show the log now.
        records: what was read. The fingerprint of the last of each partition is kept, so that a log made anew is
            noticed; a position that moves without has none.

    Raises:
        PositionLost: a stored position is not the expected one; the caller's transaction must roll back.
    """
    if any(expected == 0 for expected, _ in moves.values()):
        await about_to_store_first(connection)
    prints = fingerprints(records, moves)
    moved = await connection.fetchval(
        _SQL["move_positions"],
        [p.topic for p in moves],
        [p.partition for p in moves],
        [expected for expected, _ in moves.values()],
        [following for _, following in moves.values()],
        as_of,
        [prints.get(here) for here in moves],
    )
    if moved != len(moves):
        raise PositionLost(f"{len(moves) - moved} of {len(moves)} positions were moved by somebody else")


async def about_to_store_first(connection: Connection) -> None:
    """Wait for whoever stores first positions too: a partition has one row, and only the others know of it."""
    await connection.execute(_SQL["first_positions"])


async def positions_lost(pool: Database, read: Mapping[TopicPartition, int]) -> bool:
    """Whether a stored position lies before what was `read`: the tables were emptied or restored.

    Moving a position notices that too, but on a quiet log nothing moves.
    """
    stored = await read_positions(pool, read)
    return any(stored.get(here, 0) < position for here, position in read.items())


async def touch_positions(
    pool: Database, positions: Mapping[TopicPartition, int], *, as_of: datetime
) -> None:
    """Say that nothing lay beyond these positions at `as_of`; positions that moved meanwhile are left alone."""
    await pool.execute(
        _SQL["touch_positions"],
        [p.topic for p in positions],
        [p.partition for p in positions],
        list(positions.values()),
        as_of,
    )
