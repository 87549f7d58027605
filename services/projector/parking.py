"""Parked records of the projector: those of the set that answers; jobs about them belong to no set.

To redrive a record is to fold it once more, into every fed set. Folding is idempotent, so it may be done before the
transaction that marks the record: a copy that dies in between folds it again, and nothing changes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from services.common.database import Connection, Pool, transaction
from services.common.parked.assemble import ParkedRecords, parked_records
from services.common.parked.doors import Door, Entry
from services.common.records import Record
from services.projector.core.slots import checked
from services.projector.sets.catalog import active_slot, fed_slots
from services.projector.sets.opening import CONTROL


class SetTables:
    """`Tables`: records in the set that answers, jobs beside the sets."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """A transaction that means the set that answers when it begins."""
        async with transaction(self._pool) as connection:
            slot, _ = await active_slot(connection)
            await _mean(connection, slot)
            yield connection

    async def everywhere(self, connection: Connection, statement: str, *arguments: Any) -> None:
        """In every fed set: a swap must not bring back what was settled."""
        slot, _ = await active_slot(connection)
        for fed in {*await fed_slots(connection), slot}:
            await _mean(connection, fed)
            await connection.execute(statement, *arguments)
        await _mean(connection, slot)


def fold_door(redrive: Callable[[Record], Awaitable[None]]) -> Door:
    """The door of the projector: `redrive` folds a record once more."""

    async def door(record: Record) -> Entry:
        await redrive(record)
        return _stored_already

    return door


def parked_of(
    pool: Pool, redrive: Callable[[Record], Awaitable[None]], *, now: Callable[[], datetime]
) -> ParkedRecords:
    """Wire it: a router, and work to be spawned.

    Args:
        pool: connections of the projector's role, whatever schema they mean.
        redrive: `ReadModels.redrive`.
        now: the time.
    """
    return parked_records("projector", SetTables(pool), fold_door(redrive), now=now)


async def _mean(connection: Connection, slot: str) -> None:
    await connection.execute(f"SET LOCAL search_path = {checked(slot)}, {CONTROL}")


async def _stored_already(connection: Connection) -> None:
    """The fold has stored it."""
