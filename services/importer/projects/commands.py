"""What people may do to projects: add, describe anew, change, delete. Each builds on the project as it is known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID

from schemas.projects import CourseProject, Customer
from services.common.access import Principal
from services.importer.domain.projects import (
    ProjectRefused,
    changed,
    check_change,
    check_end,
    check_staff,
    sound,
    visible,
)
from services.importer.projects.store import Projects
from services.importer.projects.writing import ProjectsWriting, Written


class ProjectCommands:
    """Asks whether it may be, then has it written. All raise NotVisible, NotAllowed or ProjectRefused."""

    def __init__(
        self, projects: Projects, writing: ProjectsWriting, local_now: Callable[[], datetime]
    ) -> None:
        self._projects = projects
        self._writing = writing
        self._local_now = local_now

    @property
    def _zone(self) -> tzinfo:
        """The site's time zone."""
        return self._local_now().tzinfo or UTC

    async def read(self, principal: Principal, project_id: UUID) -> Written:
        """The project's record as it is."""
        project = visible(principal, await self._projects.find(project_id), deleted_too=False)
        return Written(project, seen=True, changed=False)

    async def add(self, project: CourseProject, *, keyed: bool) -> Written:
        """Add a project; `keyed`: its id follows from the request, so one that is there came from it."""

        def change(known: CourseProject | None) -> CourseProject | None:
            wanted = sound(project, self._zone)
            if known is None:
                return wanted
            if not keyed:
                sentence = "There is a project with this uuid already: change that one."
                raise ProjectRefused(409, "PROJECT_EXISTS", sentence, "uuid")
            if known.revision == 1 and not _same(known, wanted):
                sentence = "This Idempotency-Key was used for another project. Send a new key."
                raise ProjectRefused(422, "IDEMPOTENCY_KEY_REUSED", sentence)
            return None

        return await self._writing.write(project.project_id, change)

    async def describe(
        self, principal: Principal, project: CourseProject, *, slug: bool, if_match: str | None
    ) -> Written:
        """Describe a project anew, also a deleted one; `slug`: one was given, else it stays."""
        check_staff(principal, project.project_id)

        def change(known: CourseProject | None) -> CourseProject | None:
            before = visible(principal, known, deleted_too=True)
            _check_match(if_match, before)
            wanted = sound(project if slug else replace(project, slug=before.slug), self._zone)
            return None if _same(before, wanted) else wanted

        return await self._writing.write(project.project_id, change)

    async def change(
        self, principal: Principal, project_id: UUID, fields: dict[str, Any], if_match: str | None
    ) -> Written:
        """Change some fields."""
        check_change(principal, project_id, fields)

        def change(known: CourseProject | None) -> CourseProject | None:
            before = visible(principal, known, deleted_too=False)
            _check_match(if_match, before)
            wanted = changed(before, with_customer(fields, before.customer), self._zone)
            if _same(before, wanted):
                return None
            check_end(principal, wanted, self._local_now())
            return wanted

        return await self._writing.write(project_id, change)

    async def delete(self, principal: Principal, project_id: UUID, if_match: str | None) -> Written:
        """Delete a project; one that is deleted stays so."""
        check_staff(principal, project_id)

        def change(known: CourseProject | None) -> CourseProject | None:
            before = visible(principal, known, deleted_too=True)
            if before.status == "deleted":
                return None
            _check_match(if_match, before)
            return replace(before, status="deleted")

        return await self._writing.write(project_id, change)


def etag(project: CourseProject) -> str:
    """What changes with each change of the project."""
    return f'"{project.revision}"'


def with_customer(fields: dict[str, Any], known: Customer | None) -> dict[str, Any]:
    """The fields as the record has them: its customer is one thing.

    Raises:
        ProjectRefused: an id without a name, or the other way round.
    """
    found = dict(fields)
    named = [name for name in ("customer_uuid", "customer_name") if name in found]
    if not named:
        return found
    uuid = found.pop("customer_uuid", None if known is None else known.customer_id)
    name = found.pop("customer_name", None if known is None else known.name)
    if (uuid is None) != (name is None):
        sentence = "Send customer_uuid and customer_name together."
        raise ProjectRefused(400, "PROJECT_INVALID", sentence, named[0])
    return {**found, "customer": None if uuid is None else Customer(customer_id=uuid, name=name)}


def _same(one: CourseProject, other: CourseProject) -> bool:
    return replace(one, revision=1) == replace(other, revision=1)


def _check_match(if_match: str | None, project: CourseProject) -> None:
    if if_match is None:
        return
    held = {tag.strip().removeprefix("W/") for tag in if_match.split(",")}
    if "*" not in held and etag(project) not in held:
        sentence = "The project has changed since you read it. Read it again, then decide."
        raise ProjectRefused(412, "PROJECT_CHANGED", sentence)
