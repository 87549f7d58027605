"""Cells of the CSV files we write: safe in a spreadsheet, and our own reader has back what was written."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importer.limits import Limits
from services.importer.reading import open_table
from services.importer.reading.cells import plain
from services.projector.web.cells import BLANKS, csv_lines, escape, unescape

FORMULA = st.from_regex(r"\A[ \t\r\n]*'{0,2}[ ]?[=+\-@\t\r][ -~]{0,5}\Z")
STORABLE = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
TEXT = st.text(STORABLE, max_size=12) | FORMULA


@given(TEXT)
def test_every_text_comes_back(text: str) -> None:
    """Also one that looks escaped already; trimmed, as what is read is."""
    assert unescape(escape(text)) == plain(escape(text)) == text.strip(BLANKS)


@given(TEXT)
def test_nothing_starts_a_formula(text: str) -> None:
    """No escaped cell begins with what a spreadsheet would run, blanks before it or not."""
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r", " ", "\n"))


@pytest.mark.parametrize("text", ["ann@example.org", "'quoted'", "", "a=b", "12", "'", "' =1", '"=1"'])
def test_harmless_cells_stay(text: str) -> None:
    """Only what would be run is changed."""
    assert escape(text) == unescape(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("+tag@example.org", "'+tag@example.org"),
        ("=1+1", "'=1+1"),
        ("  =1+1", "'=1+1"),
        ("\t@SUM(A1)", "'@SUM(A1)"),
        ("'=1", "''=1"),
        ("-x@example.org", "'-x@example.org"),
    ],
)
def test_what_would_be_run_is_escaped(text: str, written: str) -> None:
    """Legal addresses among it; they come back."""
    assert escape(text) == written
    assert plain(written) == text.strip(BLANKS)


@given(st.lists(TEXT, min_size=2))
def test_lines_are_read_back(cells: list[str]) -> None:
    """Quotes, delimiters and line breaks inside cells survive."""
    (found,) = csv.reader(io.StringIO(csv_lines([cells]).decode(), newline=""))
    assert [unescape(cell) for cell in found] == [cell.strip(BLANKS) for cell in cells]


@given(
    st.lists(
        st.tuples(st.sampled_from(["+t@x.org", "=a@x.org", "'-@x.org", "õ@x.org"]), TEXT),
        min_size=1,
        max_size=5,
    )
)
def test_a_file_of_ours_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    """What the importer finds in it is what was exported, in each cell."""
    table = open_table(io.BytesIO(csv_lines([("email", "description"), *rows])), Limits())
    assert [(record.email, record.description) for record in table.records] == [
        (email, text.strip(BLANKS)) for email, text in rows
    ]
