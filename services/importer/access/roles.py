"""Roles of an installation that folded its projects before there were roles."""

import msgspec

from schemas.projects import CourseProject
from services.common.access.project_roles import put_project_roles
from services.common.database import Pool, transaction
from services.common.loops import patiently
from services.common.sql import load_queries

_SQL = load_queries("services.importer.access", "roles.sql")
_DECODER = msgspec.json.Decoder(CourseProject)


async def roles_from_projects(pool: Pool) -> None:
    """Put the roles of all known projects in place, at every start: an older version may have run in between.

    Any number of copies may do it at once, and while others read newer records: should two get into each other's way,
    one begins again.
    """

    async def replace() -> None:
        async with transaction(pool) as connection:
            rows = await connection.fetch(_SQL["lock_projects"])
            await put_project_roles(connection, [_DECODER.decode(row["project"]) for row in rows])

    await patiently("roles", replace)
