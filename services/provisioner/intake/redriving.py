"""A record of the log that was parked, taken once more: folded like any other, between two batches of its partition.

Any copy may do it, not only the one that reads the partition. It holds the partition's position for as long as it
folds: no batch goes on meanwhile, so an account is inserted once and changed by one at a time. Nothing is decided and
nothing is called for here: what is due is queued, for whoever owns the partition and has read it to its end.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from schemas.facts import ImportCancelled, ImportUndoStarted
from schemas.topics import LOG_PARTITIONS
from services.common.database import Connection
from services.common.parked.doors import Door, Entry
from services.common.positions import about_to_store_first
from services.common.records import Record
from services.common.sql import load_queries
from services.common.unknown_types import STILL_UNKNOWN
from services.provisioner.intake.fold import Folded, fold
from services.provisioner.intake.reading import Reader, Reading
from services.provisioner.store import accounts, imports, releases, stops, targets, work
from services.provisioner.store.stops import Stop
from services.provisioner.store.work import Chunk

_SQL = load_queries("services.provisioner.intake")


def log_door(*, now: Callable[[], datetime]) -> Door:
    """The door of the log."""

    async def door(record: Record) -> Entry:
        reading = await Reader().read([record])  # a reader of its own: no fact is taken for one we know
        for _, reason in reading.unread:
            raise reason
        if reading.unknown:
            raise STILL_UNKNOWN

        async def entry(connection: Connection) -> None:
            await _hold(connection, record)
            await _take(connection, reading, now())

        return entry

    return door


async def _hold(connection: Connection, record: Record) -> None:
    """Keep every batch of the record's partition waiting until the transaction ends."""
    held = await connection.fetchval(_SQL["hold_position"], record.topic, record.partition)
    if held is None:
        await about_to_store_first(connection)


async def _take(connection: Connection, reading: Reading, now: datetime) -> None:
    known = await accounts.load(connection, reading.facts) if reading.facts else {}
    folded = fold(known, reading.facts, reading.partitions, live=frozenset(), now=now)
    await accounts.insert_new(connection, folded.new)
    await accounts.rewrite(connection, folded.changed, asked=reading.asked)
    await imports.add(connection, reading.projects)
    await _end(connection, reading, now)
    await targets.learn(connection, reading.targets)
    await work.add(connection, _chunks(folded), due_at=now)


async def _end(connection: Connection, reading: Reading, now: datetime) -> None:
    """Imports that are cancelled or undone. Both may have been told us otherwise; then nothing changes."""
    for _, fact in reading.imports:
        if isinstance(fact, ImportCancelled):
            await stops.add(connection, [Stop(fact.import_id, fact.author, fact.reason)], now=now)
        elif isinstance(fact, ImportUndoStarted):
            await releases.queue_all(
                connection, fact.import_id, range(LOG_PARTITIONS), author=fact.author, now=now
            )


def _chunks(folded: Folded) -> list[Chunk]:
    """What is due. Whether anybody has called for it before is not known: nobody may take it for untouched."""
    return [
        Chunk(
            uuid4(),
            stored.partition,
            stored.account.project_id,
            stored.account.creator.import_id,
            [stored.account.account_id],
            fresh=False,
        )
        for stored in folded.due
    ]
