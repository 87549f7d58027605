"""A project's record that was parked, taken once more."""

import msgspec

from schemas.codec import decode_project
from services.common.access.project_roles import put_project_roles
from services.common.database import Connection
from services.common.parked.doors import Door, Entry
from services.common.records import Record
from services.common.sql import load_queries

_SQL = load_queries("services.importer.projects")


def projects_door() -> Door:
    """The door of the projects topic.

    Read in its turn, the last record of a project wins. One that comes late must not: it counts only if its revision
    is higher than that of what is known by now.
    """

    async def door(record: Record) -> Entry:
        project = decode_project(record.headers, record.value)

        async def entry(connection: Connection) -> None:
            text = msgspec.json.encode(project).decode()
            done = await connection.execute(
                _SQL["put_late_project"], project.project_id, text, project.revision
            )
            if done != "INSERT 0 0":
                await put_project_roles(connection, [project])

        return entry

    return door
