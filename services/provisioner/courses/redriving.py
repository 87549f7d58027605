"""A project's record that was parked, taken once more: an older revision changes nothing, as ever."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from schemas.codec import decode_project
from services.common.database import Connection
from services.common.parked.doors import Door, Entry
from services.common.records import Record
from services.provisioner.courses import store


def projects_door(*, zone: tzinfo, now: Callable[[], datetime]) -> Door:
    """The door of the projects topic; `zone` is the site's."""

    async def door(record: Record) -> Entry:
        project = decode_project(record.headers, record.value)

        async def entry(connection: Connection) -> None:
            await store.put(connection, [project], zone=zone, now=now())

        return entry

    return door
