"""What must be in Kafka and PostgreSQL before our services start; may be repeated at every start.

Kafka and PostgreSQL need seconds to start and the libraries used here a fraction of one, so they are loaded
only when they are needed: in the shadow of the servers' own start.
"""

from collections.abc import Mapping, Sequence

from .errors import StackError
from .ready_file import ProjectEntry

DATABASE = "course_accounts"
SIGN_IN_S = 3600.0
"""An address that is printed signs somebody in within this time, once; `up --status` prints another."""


async def prepare_topics(bootstrap: str) -> list[str]:
    """Create the topics that are missing; the names of those created."""
    from deploy.provisioning.topics import provision_topics

    return await provision_topics(bootstrap)


async def prepare_projects(bootstrap: str, created: Sequence[str]) -> list[ProjectEntry]:
    """Publish the demo's projects that are missing; all of them as they are now.

    Args:
        bootstrap: the broker.
        created: topics that are new, so that nothing needs to be read from them.
    """
    from deploy.provisioning.projects import provision_projects
    from schemas.topics import PROJECTS

    projects = await provision_projects(bootstrap, PROJECTS, empty=PROJECTS in created)
    return [
        ProjectEntry(
            uuid=project.project_id.hex,
            name=project.name,
            start_date=project.start_date.isoformat() if project.start_date else None,
            end_date=project.end_date.isoformat() if project.end_date else None,
        )
        for project in projects
    ]


async def prepare_postgres(
    superuser_dsn: str, passwords: Mapping[str, str], staff_token: str
) -> tuple[str, dict[str, str]]:
    """Create database, roles, schemas and the first token; the administrator's DSN and one for each service."""
    from deploy.provisioning.database import provision_database
    from deploy.provisioning.tokens import provision_staff_token

    made = await provision_database(superuser_dsn, DATABASE, passwords)
    await provision_staff_token(made.admin, staff_token)
    return made.admin, dict(made.services)


async def prepare_sign_in(admin_dsn: str) -> str:
    """A one-time token for the address that is printed.

    Raises:
        StackError: NO_SIGN_IN.
    """
    from deploy.provisioning.tokens import provision_sign_in
    from services.common.database import OPERATIONAL_ERRORS

    try:
        return await provision_sign_in(admin_dsn, seconds=SIGN_IN_S)
    except OPERATIONAL_ERRORS as error:
        raise StackError(
            "NO_SIGN_IN",
            "PostgreSQL does not answer, so there is no address to sign in with.",
            "Try again in a moment; the log of `up` says what happens.",
        ) from error


def web_url(url: str, sign_in: str) -> str:
    """The address that is printed: behind the `#`, where no server, proxy or log ever sees it."""
    return f"{url}/#sign-in={sign_in}"
