"""Files become records with the line an editor shows, or one fault that says what to do."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importer.limits import Limits
from services.importer.reading import FileFault, Record, Table, open_table
from services.importer.reading.cells import plain
from services.projector.web.cells import escape

LIMITS = Limits(max_rows=50, max_record=5_000)


def read(data: bytes, limits: Limits = LIMITS) -> tuple[Table, list[Record]]:
    """Read a whole file."""
    table = open_table(io.BytesIO(data), limits)
    return table, list(table.records)


def fault(data: bytes, limits: Limits = LIMITS) -> FileFault:
    """Read a file that cannot be used."""
    with pytest.raises(FileFault) as caught:
        read(data, limits)
    return caught.value


def test_plain_file() -> None:
    """Rows count from 1, lines from the top of the file, cells are trimmed."""
    table, rows = read(b"email,description\na@x.org, Group 1 \nb@x.org,\n")
    assert rows == [Record(1, 2, "a@x.org", "Group 1", None), Record(2, 3, "b@x.org", "", None)]
    assert table.layout.encoding == "utf-8"
    assert table.layout.columns == {"email": "email", "description": "description"}


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_lines_are_physical_whatever_ends_them(newline: bytes) -> None:
    """A quoted line break belongs to its record, and the lines after it are still right."""
    data = newline.join([b"email,description", b'a@x.org,"one', b'two"', b"", b"b@x.org,last"])
    table, rows = read(data)
    assert [(row.row, row.line) for row in rows] == [(1, 2), (2, 5)]
    assert rows[0].description == "one" + newline.decode() + "two"
    assert table.blank == 1


@pytest.mark.parametrize("header", [b"E-mail", b"  EMAIL ", b'"Email  address"', b"\xc2\xa0mail", b"e-post"])
def test_header_is_matched_by_meaning(header: bytes) -> None:
    """Case, spaces, quotes and a fixed list of other names do not matter."""
    _, rows = read(header + b"\na@x.org\n")
    assert [row.email for row in rows] == ["a@x.org"]


@pytest.mark.parametrize("delimiter", [b",", b";", b"\t", b"|"])
def test_delimiter_is_found_by_trial(delimiter: bytes) -> None:
    """The delimiter is the one with which the header makes sense; others stay in their cells."""
    line = delimiter.join([b"Phone", b"description", b"email"])
    table, rows = read(line + b"\n" + delimiter.join([b"1", b"a,b".replace(b",", b"."), b"a@x.org"]) + b"\n")
    assert table.layout.delimiter == delimiter.decode()
    assert rows[0].email == "a@x.org"
    assert table.layout.ignored_columns == ("Phone",)


def test_byte_order_mark_is_dropped() -> None:
    """A BOM is no part of the header."""
    _, rows = read(b"\xef\xbb\xbfemail\na@x.org")
    assert rows == [Record(1, 2, "a@x.org", "", None)]


def test_blank_records_are_counted_and_short_rows_filled() -> None:
    """Lines of nothing, spaces or delimiters are blank; a missing cell is empty; a filled extra one is told."""
    table, rows = read(b"email,description\n\n  \n,,,\na@x.org\nb@x.org,x,,\nc@x.org,x,y\n")
    assert table.blank == 3
    assert [(row.email, row.description, row.code) for row in rows] == [
        ("a@x.org", "", None),
        ("b@x.org", "x", None),
        ("c@x.org", "x", "EXTRA_CELLS"),
    ]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "FILE_EMPTY", None),
        (b"\xef\xbb\xbf", "FILE_EMPTY", None),
        (b"\n \r\n\n", "FILE_EMPTY", None),
        (b"email,description\n\n", "NO_ROWS", 1),
        (b"\nname,phone\nAda,1\n", "EMAIL_COLUMN_MISSING", 2),
        (b"ada@x.org,Ada\n", "HEADER_MISSING", 1),
        (b"email,E-Mail\na@x.org,b@x.org\n", "COLUMN_TWICE", 1),
        (b'email,description\na@x.org,x\nb@x.org,"open\nc@x.org,y\n', "QUOTE_NOT_CLOSED", 3),
        (b'email,description\na@x.org,"x\ny","open\nc@x.org\n', "QUOTE_NOT_CLOSED", 3),
        (b'email,description\na@x.org,"x" y\n', "QUOTE_MISPLACED", 2),
        (b'email,description\na@x.org,"' + b"z\n" * 6_000, "QUOTE_NOT_CLOSED", 2),
        (b"email\n" + b"z" * 6_000, "RECORD_TOO_LONG", 2),
        (b"z" * 6_000, "RECORD_TOO_LONG", 1),
        (b"email\na@x.org\n\xe4@x.org\n", "ENCODING_UNSUPPORTED", 3),
        (b"email\r\na@x.org\r\n\xc3", "ENCODING_UNSUPPORTED", 3),
        (b"\xff\xfee\0m\0", "ENCODING_UNSUPPORTED", None),
        (b"email\na@x.org\n\0\n", "FILE_IS_BINARY", 3),
        (b"PK\x03\x04rest", "FILE_IS_WORKBOOK", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "FILE_IS_WORKBOOK", None),
        (b"%PDF-1.7", "FILE_IS_PDF", None),
        (b"\x89PNG\r\n", "FILE_IS_IMAGE", None),
        (b"\x1f\x8b\x08", "FILE_IS_ARCHIVE", None),
        (b"\n <!DOCTYPE html><html>", "FILE_IS_WEB_PAGE", None),
    ],
)
def test_file_faults(data: bytes, code: str, line: int | None) -> None:
    """A file that cannot be used is refused as a whole, with a code, a sentence and the line."""
    found = fault(data)
    assert (found.code, found.line) == (code, line)
    assert found.detail.endswith(".")


def test_rows_above_the_limit_are_counted_not_cut() -> None:
    """The fault names both numbers."""
    found = fault(b"email\n" + b"a@x.org\n" * 70 + b"\n")
    assert found.code == "TOO_MANY_ROWS"
    assert "70" in found.detail
    assert "50" in found.detail


def test_bad_byte_is_named_far_into_a_file() -> None:
    """The first unreadable byte is named by offset and line, also beyond the first chunk."""
    good = b"email\n" + b"a@x.org\r\n" * 200_000
    found = fault(good + b"\xff\n")
    assert found.line == 200_002
    assert str(len(good)) in found.detail


@given(st.text(alphabet="'=+-@\t\rax ", max_size=8).map(str.strip))
def test_cells_of_our_own_files_come_back_as_they_were(text: str) -> None:
    """What the projector escapes for spreadsheets is undone, and nothing else is touched."""
    assert plain(escape(text)) == text
    _, rows = read(b'email,description\na@x.org,"' + escape(text).encode() + b'"\n')
    assert rows[0].description == text
    assert plain(" o'hara ") == "o'hara"


@given(st.binary(max_size=300) | st.text(alphabet='email,;"\r\n\t @.x', max_size=300).map(str.encode))
def test_any_bytes_are_rows_or_a_fault(data: bytes) -> None:
    """Whatever comes, there are numbered rows in line order, or a fault; never anything else."""
    for prefix in (b"", b"email,description\n"):
        found: list[FileFault] = []
        rows: list[Record] = []
        try:
            _, rows = read(prefix + data)
        except FileFault as one:
            found = [one]
        assert bool(rows) != bool(found)
        assert all(one.code and (one.line is None or one.line >= 1) for one in found)
        assert [row.row for row in rows] == list(range(1, len(rows) + 1))
        lines = [row.line for row in rows]
        assert lines == sorted(set(lines))
