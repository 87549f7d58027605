"""Which courses are over."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.provisioner.courses.courses import Courses, Term

PROJECT = UUID(int=1)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def courses(now: datetime = NOW, zone: str = "UTC") -> Courses:
    """Courses as known at a time."""
    return Courses(now=lambda: now, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "over_at"),
    [
        ("UTC", datetime(2026, 7, 1, tzinfo=UTC)),
        ("Europe/Tallinn", datetime(2026, 6, 30, 21, tzinfo=UTC)),
        ("America/Lima", datetime(2026, 7, 1, 5, tzinfo=UTC)),
    ],
)
def test_an_unknown_project_ends_after_the_day_of_the_request(zone: str, over_at: datetime) -> None:
    """The whole last day counts, as the site's clocks show it."""
    assert courses(over_at, zone).over(PROJECT, date(2026, 6, 30))
    assert not courses(over_at - A_MOMENT, zone).over(PROJECT, date(2026, 6, 30))


def test_what_is_known_of_the_project_counts_more_than_the_request() -> None:
    """Extended, shortened or deleted since: the request says what was true when it was made."""
    known = courses()
    known.learn({PROJECT: Term(NOW + A_MOMENT)})
    assert not known.over(PROJECT, date(2020, 1, 1))
    known.learn({PROJECT: Term(NOW)})
    assert known.over(PROJECT, date(2030, 1, 1))
    known.learn({PROJECT: Term(None)})
    assert not known.over(PROJECT, date(2020, 1, 1))
    known.learn({PROJECT: Term(None, deleted=True)})
    assert known.over(PROJECT, date(2030, 1, 1))


def test_without_any_end_nothing_ends() -> None:
    """Neither with an end nobody gave nor on the last day there is."""
    assert not courses().over(PROJECT, None)
    assert not courses(zone="Pacific/Kiritimati").over(PROJECT, date.max)
