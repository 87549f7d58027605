"""Course projects: reference data on a compacted topic, published by whoever owns the projects."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

import msgspec
from pydantic import Field

from schemas.facts.base import Moment, Positive, value
from schemas.facts.imports import ProjectSnapshot

_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, tzinfo=UTC)

Name = Annotated[str, Field(min_length=1, max_length=500), msgspec.Meta(min_length=1, max_length=500)]


@value
class Customer:
    """The organisation a project belongs to."""

    customer_id: UUID
    name: str


@value
class CourseProject:
    """A project as its owner last described it; `revision` makes the record's id unique.

    Dates are days in the site's time zone. A deleted project is a record with that status, never a tombstone.
    """

    TYPE: ClassVar[str] = "org.course-accounts.project.v1"

    project_id: UUID
    revision: Positive = 1
    name: Name
    slug: Name
    kind: Literal["course", "other"] = "course"
    status: Literal["active", "deleted"] = "active"
    start_date: date | None = None
    end_date: date | None = None
    ends_at: Annotated[
        Moment | None,
        Field(description="the exact end, where it is not that of a whole day; counts more than end_date"),
    ] = None
    customer: Customer | None = None
    managers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @property
    def record_id(self) -> UUID:
        """One per project and revision."""
        return uuid5(self.project_id, f"project/{self.revision}")

    def ends(self, zone: tzinfo) -> datetime | None:
        """The first moment after the course, in UTC, where `zone` is the site's; None: it has no end."""
        if self.ends_at is not None:
            return _moment(self.ends_at)
        return None if self.end_date is None else end_of_day(self.end_date, zone)

    def snapshot(self) -> ProjectSnapshot:
        """The part that facts carry."""
        return ProjectSnapshot(
            project_id=self.project_id,
            name=self.name,
            slug=self.slug,
            start_date=self.start_date,
            end_date=self.end_date or (None if self.ends_at is None else self.ends_at.date()),
        )


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment after a day in a time zone, in UTC."""
    return _LATEST if day == date.max else _moment(datetime.combine(day + timedelta(days=1), time.min, zone))


def _moment(moment: datetime) -> datetime:
    """In UTC; what UTC has no date for is far away all the same."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if moment.year == 1 else _LATEST


def refusal(project: CourseProject | None, now: datetime) -> tuple[str, str] | None:
    """Why no account can be asked for in this project `now`, as (code, sentence); None if one can.

    The rules are Waldur's: the project is known, is a course, has an end date, and has not ended. `now` is in
    the site's time zone: days end there.
    """
    zone = now.tzinfo or UTC
    if project is None or project.status == "deleted":
        return "PROJECT_UNKNOWN", "There is no such project, or you may not see it."
    if project.kind != "course":
        return (
            "PROJECT_NOT_A_COURSE",
            f"{project.name} is not a course: only course projects have course accounts.",
        )
    ends = project.ends(zone)
    if ends is None:
        return (
            "PROJECT_WITHOUT_END",
            f"{project.name} has no end date: set one, so that its accounts can be closed.",
        )
    if ends <= now:
        exact = f"{ends:%Y-%m-%d at %H:%M} UTC"
        when = exact if project.ends_at is not None else f"{project.end_date:%Y-%m-%d}"
        return "PROJECT_ENDED", f"{project.name} ended on {when}: extend the course first."
    return None
