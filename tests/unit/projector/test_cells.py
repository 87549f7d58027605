"""Cells of the CSV files we write."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projector.web.cells import csv_lines, escape, unescape


@given(st.text() | st.from_regex(r"\A'*[=+\-@\t\r].{0,3}\Z"))
def test_every_text_comes_back(text: str) -> None:
    """Also one that looks escaped already."""
    assert unescape(escape(text)) == text


@given(st.text())
def test_nothing_starts_a_formula(text: str) -> None:
    """No escaped cell begins with what a spreadsheet would run."""
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["ann@example.org", "'quoted'", "", "a=b", "12"])
def test_harmless_cells_stay(text: str) -> None:
    """Only what would be run is changed."""
    assert escape(text) == unescape(text) == text


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), min_size=2))
def test_lines_are_read_back(cells: list[str]) -> None:
    """Quotes, delimiters and line breaks inside cells survive."""
    (found,) = csv.reader(io.StringIO(csv_lines([cells]).decode(), newline=""))
    assert [unescape(cell) for cell in found] == cells
