"""From records to events: what can be read, what nobody knows, and what has to be parked."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from schemas import codec
from schemas.decode_many import decode_many
from services.common.parked import Unread, written_at
from services.common.records import Record
from services.common.unknown_types import newer_type
from services.projector.core.model import Located
from services.projector.core.moments import moment, moments

SLICE = 500
"""Records after which other tasks get a turn: about 5 ms of Python."""
_new: Any = tuple.__new__  # a third of the time of a NamedTuple's own


class Read(NamedTuple):
    """A batch, decoded."""

    events: list[Located]
    unread: list[Unread]
    unknown: list[Record]
    """Of types that only a newer version knows: passed over, and kept by where they lie."""

    def only(self, keep: Callable[[Located], bool]) -> "Read":
        """The same without the events that are not to be kept."""
        return self._replace(events=[event for event in self.events if keep(event)])


async def read(records: Sequence[Record], *, projects_topic: str, handled: Collection[type]) -> Read:
    """Decode `records` in their order; facts that no model handles are left out."""
    events: list[Located] = []
    unread: list[Unread] = []
    unknown: list[Record] = []
    for start in range(0, len(records), SLICE):
        some = records[start : start + SLICE]
        usual = None if any(record.topic == projects_topic for record in some) else _decode(some)
        if usual is not None:
            events += [event for event in usual if type(event.fact) in handled]
        else:
            for record in some:
                try:
                    event = _decode_one(record, projects_topic)
                except codec.Unreadable as error:
                    if error.code == "UNKNOWN_TYPE" and newer_type(record):
                        unknown.append(record)
                    else:
                        unread.append(Unread(record, error))
                else:
                    if type(event.fact) in handled:
                        events.append(event)
        await asyncio.sleep(0)
    return Read(events, unread, unknown)


def _decode(records: Sequence[Record]) -> list[Located] | None:
    """The events of these records; None if one of them wants to be looked at more closely."""
    found = decode_many([record.headers for record in records], [record.value for record in records])
    if found is None:
        return None
    times, facts = found
    return [
        _new(Located, (record.partition, time, fact))
        for record, time, fact in zip(records, moments(times), facts, strict=True)
    ]


def _decode_one(record: Record, projects_topic: str) -> Located:
    if record.topic == projects_topic:
        project = codec.decode_project(record.headers, record.value)
        return Located(record.partition, logged_at(record), project)
    event = codec.decode(record.headers, record.value)
    return Located(record.partition, moment(event.time), event.fact)


def logged_at(record: Record) -> datetime:
    """When the log took the record (or its writer says so)."""
    return moment(written_at(record))
