"""Who has which role in which project, as the records of the projects say."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from schemas.projects import CourseProject
from services.common.access.principal import Role
from services.common.database import Connection
from services.common.sql import load_queries

_SQL = load_queries("services.common.access", "project_roles.sql")

LONGEST_USER_ID = 200
"""Characters. Nobody with a longer name can sign in, so such a name in a project's record gives no role."""


async def put_project_roles(connection: Connection, projects: Sequence[CourseProject]) -> None:
    """Replace the roles in `projects` by what their records say, in the caller's transaction.

    Only the importer's role may. Of several records of one project the last counts. Whoever is asking meanwhile may
    be answered by the old roles for five seconds (see `Authenticator`).
    """
    latest = {project.project_id: project for project in projects}
    if not latest:
        return
    ids: list[UUID] = []
    people: list[str] = []
    roles: list[Role] = []
    for project in latest.values():
        for person, role in roles_in(project):
            ids.append(project.project_id)
            people.append(person)
            roles.append(role)
    await connection.execute(_SQL["drop_roles"], list(latest), ids, people)
    await connection.execute(_SQL["put_roles"], ids, people, roles)


def roles_in(project: CourseProject) -> Iterator[tuple[str, Role]]:
    """Everybody with a role in a project, once; who is manager and owner is called an owner."""
    roles: dict[str, Role] = {}
    for person in project.managers:
        roles[person] = "manager"
    for person in project.owners:
        roles[person] = "owner"
    yield from ((person, role) for person, role in roles.items() if 0 < len(person) <= LONGEST_USER_ID)
