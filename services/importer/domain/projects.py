"""What may become of a project's record, and by whom. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from schemas.projects import CourseProject
from services.common.access import NotAllowed, NotVisible, Principal

ENDS: Final = frozenset({"end_date", "ends_at"})
"""What managers and owners may change of their own projects."""
_LEEWAY: Final = timedelta(minutes=5)
"""Clocks differ: who ends a course now may be a little behind."""
_LAST_MOMENT: Final = timedelta(microseconds=1)
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9998


class ProjectRefused(Exception):
    """Nothing was published. `errors`: sentences by field."""

    def __init__(self, status: int, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = None if field is None else {field: [detail]}


def changed(project: CourseProject, fields: dict[str, Any], zone: tzinfo) -> CourseProject:
    """The project with other fields. A new `end_date` takes the place of an exact end, and the other way round.

    Raises:
        ProjectRefused: it would make no sense.
    """
    given = dict(fields)
    if given.get("end_date") is not None:
        given.setdefault("ends_at", None)
    elif given.get("ends_at") is not None:
        given["end_date"] = None
    return sound(replace(project, **given), zone)


def sound(project: CourseProject, zone: tzinfo) -> CourseProject:
    """The project, if its fields go together; its last day in the site's `zone` beside an exact end.

    Raises:
        ProjectRefused: they do not.
    """
    end = project.ends_at
    if end is not None:
        if not _FIRST_YEAR <= end.year <= _LAST_YEAR:
            sentence = f"Choose a year from {_FIRST_YEAR} to {_LAST_YEAR}."
            raise ProjectRefused(400, "PROJECT_INVALID", sentence, "ends_at")
        if project.end_date is None:
            project = replace(project, end_date=(end - _LAST_MOMENT).astimezone(zone).date())
    start, last = project.start_date, project.end_date
    if start is not None and last is not None and last < start:
        field = "end_date" if end is None else "ends_at"
        raise ProjectRefused(400, "PROJECT_INVALID", "The course would end before it begins.", field)
    return project


def check_staff(principal: Principal, project_id: UUID) -> None:
    """Go on only if the person may write all of the project: staff, also with a token for some projects only.

    Raises:
        NotVisible: it does not exist for them.
        NotAllowed: it does; only staff write projects.
    """
    principal.check_manages(project_id)
    if not principal.staff:
        raise NotAllowed


def check_change(principal: Principal, project_id: UUID, fields: dict[str, Any]) -> None:
    """Go on only if the person may change these fields.

    Raises:
        NotVisible: there is no such project for them.
        ProjectRefused: 403; managers and owners move the end, and nothing else.
    """
    principal.check_manages(project_id)
    if principal.staff:
        return
    for field in fields:
        if field not in ENDS:
            raise ProjectRefused(
                403,
                "NOT_ALLOWED",
                "You may extend or end this course; everything else about it is changed by staff.",
                field,
            )


def check_end(principal: Principal, project: CourseProject, now: datetime) -> None:
    """Go on only if the person may end the course then: staff at any time, others not in the past, and at some time.

    Raises:
        ProjectRefused: they may not. `now` is in the site's time zone.
    """
    if principal.staff:
        return
    field = "end_date" if project.ends_at is None else "ends_at"
    ends = project.ends(now.tzinfo or UTC)
    if ends is None:
        sentence = "A course needs an end, so that its accounts are closed."
        raise ProjectRefused(400, "PROJECT_WITHOUT_END", sentence, field)
    if ends < now - _LEEWAY:
        sentence = "A course cannot end in the past: choose today or later."
        raise ProjectRefused(400, "END_IN_PAST", sentence, field)


def visible(principal: Principal, project: CourseProject | None, *, deleted_too: bool) -> CourseProject:
    """The project, if it is there for this person.

    Raises:
        NotVisible: it is not.
    """
    if project is None or (project.status == "deleted" and not deleted_too):
        raise NotVisible
    principal.check_sees(project.project_id)
    return project
