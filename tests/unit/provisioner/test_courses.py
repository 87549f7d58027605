"""Which courses are over."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    """Extended, shortened or without an end since: the request says what was true when it was made."""
    known = courses()
    known.learn({PROJECT: Term(NOW + A_MOMENT)})
    assert not known.over(PROJECT, date(2020, 1, 1))
    known.learn({PROJECT: Term(NOW)})
    assert known.over(PROJECT, date(2030, 1, 1))
    known.learn({PROJECT: Term(None)})
    assert not known.over(PROJECT, date(2020, 1, 1))


def test_without_any_end_nothing_ends() -> None:
    """Neither with an end nobody gave nor on the last day there is."""
    assert not courses().over(PROJECT, None)
    assert not courses(zone="Pacific/Kiritimati").over(PROJECT, date.max)


def test_before_the_topic_is_read_nothing_is_over() -> None:
    """An extension may lie unread."""
    known = courses()
    known.follow()
    known.learn({PROJECT: Term(NOW)})
    before = known.known
    assert not before
    assert not known.over(PROJECT, None)
    assert not known.over(UUID(int=2), date(2020, 1, 1))
    known.learn({}, read_to=NOW)
    assert known.known
    assert known.over(UUID(int=2), date(2020, 1, 1))


@given(
    end=st.integers(0, 50),
    looks=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20),
    extended=st.integers(0, 50),
    to=st.integers(0, 50),
)
def test_an_extension_in_time_always_wins(
    end: int, looks: list[tuple[int, int]], extended: int, to: int
) -> None:
    """Whenever a copy looks, and however far the topic was read by then: what it calls over was over."""

    def at(seconds: int) -> datetime:
        return NOW + timedelta(seconds=seconds)

    known = courses()
    known.follow()
    read_to = -100
    for now, behind in sorted(looks):
        read_to = max(read_to, now - behind)  # tables never know less than before
        seen = to if extended < read_to else end
        known.learn({PROJECT: Term(at(seen))}, read_to=at(read_to))
        truly = to if extended < end else end
        if known.over(PROJECT, None):
            assert now >= truly or extended >= end
        elif read_to >= max(end, to):
            raise AssertionError("it was read beyond both ends")
