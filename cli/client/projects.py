"""Projects: the list, and which of them a person means."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from uuid import UUID

import msgspec

from cli.client.api import Api
from cli.client.models import Project
from cli.client.paging import by_cursor


class NotOneProject(Exception):
    """What was said fits no project, or several: `candidates` are the ones that may have been meant."""

    def __init__(self, said: str, candidates: tuple[Project, ...], *, ambiguous: bool) -> None:
        super().__init__(said)
        self.said = said
        self.candidates = candidates
        self.ambiguous = ambiguous


def list_projects(api: Api, *, kind: str | None = None, text: str | None = None) -> Iterator[bytes]:
    """The projects the token may see, of a kind, with a text in the name, each as its JSON bytes."""
    only = {name: value for name, value in (("kind", kind), ("text", text)) if value is not None}
    return by_cursor(api, "/api/course-projects/", {**only, "page_size": 300})


def resolve(projects: Iterable[Project], said: str) -> Project:
    """The project meant by a uuid (either spelling), a slug, or a name (any case when that is clear).

    Raises:
        NotOneProject: none fits, or several do.
    """
    known = tuple(projects)
    wanted = said.strip()
    as_uuid = _hex(wanted)
    tests = (
        lambda project: as_uuid is not None and _hex(project.uuid) == as_uuid,
        lambda project: project.slug == wanted,
        lambda project: project.name == wanted,
        lambda project: project.name.casefold() == wanted.casefold(),
    )
    for fits in tests:
        found = tuple(project for project in known if fits(project))
        if len(found) == 1:
            return found[0]
        if found:
            raise NotOneProject(said, found, ambiguous=True)
    names = get_close_matches(wanted, [project.name for project in known], n=3, cutoff=0.5)
    near = tuple(project for project in known if project.name in names)
    raise NotOneProject(said, near or known[:5], ambiguous=False)


def decode(item: bytes) -> Project:
    """Read one item of the list."""
    return msgspec.json.decode(item, type=Project)


def _hex(text: str) -> str | None:
    try:
        return UUID(text).hex
    except ValueError:
        return None
