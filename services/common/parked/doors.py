"""A door: how a service takes a record that lies outside of its reading."""

from collections.abc import Awaitable, Callable
from typing import Final

from schemas.codec import Unreadable
from services.common.database import Connection
from services.common.records import Record

Entry = Callable[[Connection], Awaitable[None]]
"""Stores what a record says, in the transaction that marks it redriven. May raise `Unreadable`."""

Door = Callable[[Record], Awaitable[Entry]]
"""Reads a record, before any transaction, as the service reads every other; answers how to store it.

Called again for the same record it must come to the same. Raises `Unreadable`: the record stays parked, with that
reason. What is only away for a moment may raise an operational error: the job waits.
"""

TOPIC_NOT_READ: Final = Unreadable(
    "TOPIC_NOT_READ", "This service does not read the record's topic any more."
)
REDRIVE_BROKE: Final = Unreadable(
    "REDRIVE_BROKE", "Taking the record failed because of a mistake on our side."
)


def by_topic(doors: dict[str, Door]) -> Door:
    """The door of the topic that a record came from."""

    async def door(record: Record) -> Entry:
        found = doors.get(record.topic)
        if found is None:
            raise TOPIC_NOT_READ
        return await found(record)

    return door
