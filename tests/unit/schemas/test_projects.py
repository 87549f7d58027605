"""When a course ends, and who may still ask for accounts."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from schemas.projects import CourseProject, refusal

TALLINN = ZoneInfo("Europe/Tallinn")
LAST_DAY = date(2026, 6, 30)
MIDNIGHT = datetime(2026, 6, 30, 21, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def course(**ends: object) -> CourseProject:
    """A course that ends as said."""
    return CourseProject(project_id=UUID(int=1), name="Algebra", slug="algebra", **ends)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("project", "ends", "said"),
    [
        (course(end_date=LAST_DAY), MIDNIGHT, "2026-06-30"),
        (course(ends_at=MIDNIGHT), MIDNIGHT, "2026-06-30 at 21:00 UTC"),
        (course(end_date=date(2030, 1, 1), ends_at=MIDNIGHT), MIDNIGHT, "2026-06-30 at 21:00 UTC"),
    ],
    ids=["a whole day, where the site is", "an exact moment", "the exact moment counts more"],
)
def test_a_course_takes_requests_until_the_moment_it_ends(
    project: CourseProject, ends: datetime, said: str
) -> None:
    """Not a moment less, not a moment more."""
    assert project.ends(TALLINN) == ends
    assert refusal(project, (ends - A_MOMENT).astimezone(TALLINN)) is None
    code, sentence = refusal(project, ends.astimezone(TALLINN)) or ("", "")
    assert code == "PROJECT_ENDED"
    assert f"ended on {said}:" in sentence


@pytest.mark.parametrize(
    "project",
    [
        course(end_date=date.max),
        course(ends_at=datetime.max.replace(tzinfo=ZoneInfo("America/Lima"))),
        course(ends_at=datetime.min.replace(tzinfo=TALLINN)),
    ],
)
def test_ends_beyond_all_calendars_are_ends(project: CourseProject) -> None:
    """What a publisher may write must not stop its reader."""
    assert project.ends(TALLINN) is not None


def test_a_course_needs_one_of_the_two_ends() -> None:
    """Else its accounts would never be closed."""
    now = datetime(2026, 1, 1, tzinfo=TALLINN)
    assert (refusal(course(), now) or ("",))[0] == "PROJECT_WITHOUT_END"
    assert refusal(course(ends_at=MIDNIGHT), now) is None
