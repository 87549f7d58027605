"""Files become records with the line an editor shows, or one fault that says what to do."""

import pytest

from services.importer.limits import Limits
from services.importer.notes import RowNote
from services.importer.reading import Choices, Record
from tests.support.reading import fault, read


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
        (b'email,description\na@x.org,"' + b"z\n" * 6_000, "QUOTE_NOT_CLOSED", 2),
        (b"email\n" + b"z" * 4_300_000, "RECORD_TOO_LONG", 2),
        (b"z" * 4_300_000 + b"\n", "RECORD_TOO_LONG", 1),
        (b"z" * 6_000, "RECORD_TOO_LONG", 1),
        (b"PK\x03\x04rest", "FILE_IS_WORKBOOK", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "FILE_IS_WORKBOOK", None),
        (b"%PDF-1.7", "FILE_IS_PDF", None),
        (b"\x89PNG\r\n", "FILE_IS_IMAGE", None),
        (b"\x1f\x8b\x08", "FILE_IS_ARCHIVE", None),
        (b"{\\rtf1", "FILE_IS_DOCUMENT", None),
        (b"<?xml version='1.0'?><a/>", "FILE_IS_XML", None),
        (b'[{"email": "a@x.org"}]', "FILE_IS_JSON", None),
        (b"\x7fELF" + bytes(range(32)) * 9, "FILE_IS_BINARY", None),
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


def test_the_count_above_the_limit_ends_some_time() -> None:
    """Far beyond it, it is enough to say so."""
    found = fault(b"email\n" + b"a\n" * 600_000, limits=Limits(max_rows=50))
    assert "more than 50" in found.detail


def test_one_long_line_is_one_bad_row() -> None:
    """It does not refuse the file, and the rows around it are as they were."""
    data = b"email,description\na@x.org,x\nb@x.org," + b"z" * 2_000_000 + b"\nc@x.org,y\n"
    _, rows = read(data)
    assert [(row.line, row.email, row.code) for row in rows] == [
        (2, "a@x.org", None),
        (3, "b@x.org", "CELL_TOO_LONG"),
        (4, "c@x.org", None),
    ]
    assert len(rows[1].description) == 200


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("E-post;Kirjeldus", "E-post"),
        ("Nimi;e-posti aadress", "e-posti aadress"),
        ("Correo electrónico;Grupo", "Correo electrónico"),
        ("User_Email;x", "User_Email"),
        ("Email address: ;x", "Email address:"),
    ],
)
def test_header_in_other_languages(header: str, column: str) -> None:
    """What people's own tools write is understood, and shown as it stands."""
    table, _ = read(f"{header}\na@x.org;b@x.org\n".encode())
    assert table.layout.columns["email"] == column


def test_title_lines_above_the_header_are_noted() -> None:
    """They are left out, not in silence, and lines count from the top of the file."""
    table, rows = read(b"Course list;;\n\nAutumn 2026, group A\nName;E-Mail;Note\nAda;a@x.org;n\n")
    assert (table.layout.header_line, table.layout.delimiter) == (4, ";")
    assert [note.code for note in table.notes] == ["TITLE_LINES"]
    assert rows == [Record(1, 5, "a@x.org", "n", None)]


@pytest.mark.parametrize("sep", [b"sep=;", b"SEP=;", b'"sep=;"'])
def test_sep_line_is_obeyed_and_not_counted(sep: bytes) -> None:
    """Excel's own line names the delimiter."""
    table, rows = read(sep + b"\r\nemail;description\r\na@x.org;x, y\r\n")
    assert (table.layout.delimiter, table.layout.header_line) == (";", 2)
    assert [tuple(row[:4]) for row in rows] == [(1, 3, "a@x.org", "x, y")]


def test_one_column_is_no_riddle() -> None:
    """No delimiter anywhere, and one that only stands in a cell: one column."""
    assert [row.email for row in read(b"mail\na@x.org\nb@x.org\n")[1]] == ["a@x.org", "b@x.org"]
    _, rows = read(b"email\na@x.org\nb@x.org, c@x.org\n")
    assert [(row.email, row.code) for row in rows] == [("a@x.org", None), ("b@x.org, c@x.org", None)]


def test_without_a_header_nobody_is_dropped() -> None:
    """The fault says what to choose; chosen so, the first line is a row."""
    data = b"1;ada@x.org\n2;bob@x.org\n"
    found = fault(data)
    assert (found.code, found.fixable) == ("HEADER_MISSING", {"header_line": 0, "email": 1})
    assert found.layout is not None
    assert found.layout.sample == (("1", "ada@x.org"), ("2", "bob@x.org"))
    table, rows = read(data, Choices(header_line=0, email=1, description=0))
    assert [tuple(row[:4]) for row in rows] == [(1, 1, "ada@x.org", "1"), (2, 2, "bob@x.org", "2")]
    assert table.layout.columns == {"email": "column 2", "description": "column 1"}


def test_a_person_above_the_header_is_not_a_title() -> None:
    """A header below people is no header we may skip to."""
    assert fault(b"ada@x.org,x\nemail,description\nb@x.org,y\n").code == "HEADER_MISSING"


def test_columns_with_other_names_can_be_chosen() -> None:
    """The fault proposes the column that holds addresses."""
    data = b"Person,Contact\nAda,ada@x.org\n"
    found = fault(data)
    assert (found.code, found.fixable) == ("EMAIL_COLUMN_MISSING", {"header_line": 1, "email": 1})
    table, rows = read(data, Choices(**found.fixable))  # type: ignore[arg-type]
    assert (rows[0].email, table.layout.ignored_columns) == ("ada@x.org", ("Person",))


def test_two_columns_of_the_same_meaning_are_both_named() -> None:
    """Never does the last win; a choice settles it."""
    data = b"email,Name,E-Mail\na@x.org,Ada,b@x.org\n"
    found = fault(data)
    assert "Column 1 (`email`) and column 3 (`E-Mail`)" in found.detail
    assert found.fixable == {"header_line": 1, "email": 0}
    assert read(data, Choices(email=2))[1][0].email == "b@x.org"


@pytest.mark.parametrize(
    "choices",
    [
        Choices(delimiter="x"),
        Choices(encoding="latin"),
        Choices(header_line=9),
        Choices(email=7),
        Choices(email=0, description=0),
    ],
)
def test_impossible_choices_are_faults(choices: Choices) -> None:
    """Not errors of ours."""
    assert fault(b"email,description\na@x.org,x\n", choices).code == "CHOICE_INVALID"


def test_a_chosen_delimiter_counts() -> None:
    """Also where another one was found."""
    table, rows = read(b"email;description\na@x.org;x,y\n", Choices(delimiter=",", header_line=1, email=0))
    assert table.layout.delimiter == ","
    assert rows[0].email == "a@x.org;x"


def test_cells_are_trimmed_of_ordinary_blanks_only() -> None:
    """What nobody can see is worth a note, which is made where rows are judged."""
    _, rows = read("email,description\n \t\u00a0a@x.org\u00a0 , \u200bx \n".encode())
    assert (rows[0].email, rows[0].description) == ("\u00a0a@x.org\u00a0", "\u200bx")


def test_our_escape_is_taken_away_with_a_note() -> None:
    """Nothing is changed in silence; numbers and other texts stay as typed."""
    _, rows = read(b"email,description\n'+tag@x.org,'=1+1\na@x.org,\"1,23E+05\"\nb@x.org,007\n")
    assert (rows[0].email, rows[0].description) == ("+tag@x.org", "=1+1")
    assert rows[0].notes == (RowNote("ESCAPE_REMOVED", "email"), RowNote("ESCAPE_REMOVED", "description"))
    assert [row.description for row in rows[1:]] == ["1,23E+05", "007"]
