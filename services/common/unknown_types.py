"""Events of types that only a newer version knows: counted and kept, never fatal (docs/adr/0030).

A newer writer may write a million of them. What is kept is therefore where they lie: the log has the bytes. Once a
service knows the type, it goes back to the first of them and reads on from there; folds apply nothing twice.
Other types that nobody knows are no news of a newer version: such records are parked with their bytes.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from schemas.codec import Unreadable, event_type
from services.common.database import Connection, Pool
from services.common.records import Record, TopicPartition
from services.common.sql import load_queries

MOST_TYPES = 50
"""Types told apart in one partition; what comes beyond is counted as one."""

STILL_UNKNOWN = Unreadable("UNKNOWN_TYPE", "No reader knows this type of event.")

_SQL = load_queries("services.common", "unknown_types.sql")
_OURS = re.compile(r"org\.course-accounts\.[a-z0-9-]{1,60}\.v[0-9]{1,3}")
_MOST_LABELS = 20
_MOST_PLACES = 10_000
_OTHERS = "others"

_log = structlog.get_logger(__name__)


class Passed(NamedTuple):
    """Records of one type in one partition that were passed over."""

    first: int
    last: int
    records: int


def newer_type(record: Record) -> str | None:
    """The type of a record, if it looks like one that a newer version of ours writes."""
    name = event_type(record.headers)
    return name if name is not None and _OURS.fullmatch(name) else None


Places = dict[tuple[str, int, str], Passed]
"""By topic, partition and type."""


def by_type(records: Sequence[Record], found: Places | None = None) -> Places:
    """Where records of newer types lie, added to what was `found` before them: so a million need no room."""
    found = {} if found is None else found
    for record in records:
        place = (record.topic, record.partition, newer_type(record) or _OTHERS)
        if place not in found and len(found) >= _MOST_PLACES:
            place = (record.topic, record.partition, _OTHERS)
        known = found.get(place, Passed(record.offset, record.offset, 0))
        found[place] = Passed(known.first, record.offset, known.records + 1)
    return found


async def keep_unknown(connection: Connection, records: Sequence[Record], *, now: datetime) -> None:
    """Remember where records of newer types lie; in the transaction that moves the positions past them."""
    await keep_places(connection, by_type(records), now=now)


async def keep_places(connection: Connection, found: Places, *, now: datetime) -> None:
    """The same of records that are no longer in hand."""
    if not found:
        return
    await connection.execute(
        _SQL["keep_unknown"],
        [topic for topic, _, _ in found],
        [partition for _, partition, _ in found],
        [name for _, _, name in found],
        [passed.first for passed in found.values()],
        [passed.last for passed in found.values()],
        [passed.records for passed in found.values()],
        now,
        MOST_TYPES,
    )


async def read_again(pool: Pool, partitions: Collection[TopicPartition], *, known: Collection[str]) -> None:
    """Move the positions of partitions back to the first record that could not be read then and can be now.

    To be called where positions are about to be read: whoever has the partitions in hand must begin anew.
    """
    rows = await pool.fetch(
        _SQL["read_again"],
        [place.topic for place in partitions],
        [place.partition for place in partitions],
        list(known),
    )
    for row in rows:
        _log.warning(
            "reading_again",
            why="types of events are known now that were not when they were passed",
            topic=row["topic"],
            partition=row["partition"],
            offset=row["next_offset"],
        )


class TypeLabels:
    """Names of types as labels of a metric: the first few of this process, then all others as one."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def count(self, records: Sequence[Record]) -> Counter[str]:
        """How many records by label; a type that is new is said in the log, once."""
        counts: Counter[str] = Counter()
        for record in records:
            name = newer_type(record) or _OTHERS
            if name not in self._known and len(self._known) < _MOST_LABELS:
                self._known.add(name)
                _log.warning("type_unknown", type=name, topic=record.topic, partition=record.partition)
            counts[name if name in self._known else _OTHERS] += 1
        return counts
