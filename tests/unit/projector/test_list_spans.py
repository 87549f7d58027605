"""Where a page of a list by time lies, by the counts of each import alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.projector.account_lists.cells import Part
from services.projector.account_lists.spans import Span, split

START = datetime(2026, 3, 1, tzinfo=UTC)
COURSES = [UUID(int=number) for number in range(3)]

imports = st.lists(
    st.tuples(st.sampled_from(COURSES), st.lists(st.integers(0, 30), min_size=1, max_size=6)), max_size=6
)
"""The course of each, and when its accounts were asked for."""


@given(imports, st.sampled_from([(), ("created",), ("-created",)]), st.integers(0, 30), st.integers(1, 8))
def test_a_page_lies_in_the_pieces(
    made: list[tuple[UUID, list[int]]], order: tuple[str, ...], offset: int, limit: int
) -> None:
    """Read piece by piece, each between its moments and in its courses alone, it is the page of a plain sort."""
    accounts = [
        (START + timedelta(seconds=second), place * 100 + number, course)
        for place, (course, seconds) in enumerate(made)
        for number, second in enumerate(seconds)
    ]
    spans = [
        Span(course, *(START + timedelta(seconds=edge(seconds)) for edge in (min, max)), len(seconds))
        for course, seconds in made
    ]
    back = order != ("created",)
    expected = sorted(accounts, reverse=back)[offset : offset + limit]
    found = []
    for piece in split(Part(None, None, len(accounts), offset, limit, order), spans):
        assert piece.between is not None
        first, last = piece.between
        there = [a for a in accounts if a[2] in (piece.projects or ()) and first <= a[0] <= last]
        assert len(there) == piece.number
        found += sorted(there, reverse=back)[piece.offset : piece.offset + piece.limit]
    assert found == expected


def test_another_order_is_left_whole() -> None:
    """Nothing of it follows from times."""
    part = Part(None, None, 3, 1, 1, ("email",))
    assert split(part, [Span(COURSES[0], START, START, 3)]) == [part]


def test_imports_at_the_same_time_are_read_together() -> None:
    """One that ends when the next begins overlaps it; one without accounts in the list joins nothing."""
    at = [START + timedelta(seconds=second) for second in range(6)]
    spans = [
        Span(COURSES[0], at[0], at[2], 5),
        Span(COURSES[1], at[2], at[3], 5),
        Span(COURSES[2], at[0], at[5], 0),
        Span(COURSES[2], at[4], at[5], 5),
    ]
    (piece,) = split(Part(None, None, 15, 7, 2, ()), spans)
    assert (piece.projects, piece.between, piece.number, piece.offset) == (COURSES[:2], (at[0], at[3]), 10, 2)
