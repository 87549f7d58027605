"""From what a person says to what the API knows."""

from cli.client.api import Api
from cli.client.models import Project
from cli.client.projects import NotOneProject, decode, list_projects, resolve
from cli.errors import Failure
from cli.exits import Exit


def find_project(api: Api, said: str) -> Project:
    """The project somebody means.

    Raises:
        Failure: 6 when there is none, 2 when there are several.
    """
    try:
        return resolve(map(decode, list_projects(api)), said)
    except NotOneProject as error:
        raise _failure(error) from error


def _failure(error: NotOneProject) -> Failure:
    if error.ambiguous:
        uuids = ", ".join(project.uuid for project in error.candidates)
        return Failure(
            Exit.USAGE,
            "PROJECT_NOT_CLEAR",
            f"{len(error.candidates)} projects are called “{error.said}”.",
            f"Name one by its uuid: {uuids}.",
        )
    names = ", ".join(f"“{project.name}”" for project in error.candidates)
    return Failure(
        Exit.NOT_FOUND,
        "NO_SUCH_PROJECT",
        f"There is no project “{error.said}” that you may see.",
        (f"Did you mean {names}? " if names else "") + "All of them: course-accounts projects list",
    )
