"""Workbooks are read as they are, after their zip was found to be harmless; other zips are named."""

import io
import struct
import zipfile

import pytest

from services.importer.limits import Limits
from services.importer.reading import Choices
from services.importer.reading.zips import MAX_ENTRIES
from tests.support.reading import fault, ods, read, xlsx, zipped


def test_a_sheet_is_read_with_its_own_row_numbers() -> None:
    """Numbers as people typed them, zeros kept where they are text; blank rows are counted."""
    table, rows = read(
        xlsx(
            {
                "People": [
                    ["Course list"],
                    [],
                    ["Nr", "E-post", "Märkus"],
                    [1, "a@x.org", "007"],
                    [],
                    [2, " b@x.org ", 12],
                    [3, "c@x.org", 1.5],
                    [4, "d@x.org", True],
                    [None, None, "only a note", None, "extra"],
                ]
            }
        )
    )
    assert [tuple(row[:5]) for row in rows] == [
        (1, 4, "a@x.org", "007", None),
        (2, 6, "b@x.org", "12", None),
        (3, 7, "c@x.org", "1.5", None),
        (4, 8, "d@x.org", "TRUE", None),
        (5, 9, "", "only a note", None),
    ]
    layout = table.layout
    assert (layout.kind, layout.header_line, layout.places) == ("xlsx", 3, {"email": 1, "description": 2})
    assert (table.blank, [note.code for note in table.notes]) == (1, ["TITLE_LINES"])
    assert layout.sample[0] == ("1", "a@x.org", "007", "", "")


def test_the_sheet_with_addresses_is_taken_and_said() -> None:
    """Other sheets are named in a note."""
    table, rows = read(xlsx({"Read me": [["Hello"]], "List": [["email"], ["a@x.org"]], "Old": [["email"]]}))
    assert [row.email for row in rows] == ["a@x.org"]
    assert table.notes[0].code == "SHEET_CHOSEN"
    assert "“List”" in table.notes[0].message
    assert "“Read me”, “Old”" in table.notes[0].message


def test_open_document_sheets_are_read() -> None:
    """LibreOffice's own form."""
    table, rows = read(ods([["email", "kirjeldus"], ["a@x.org", "Jõgi"], ["b@x.org", "0042"]]))
    assert table.layout.kind == "ods"
    assert [tuple(row[:4]) for row in rows] == [(1, 2, "a@x.org", "Jõgi"), (2, 3, "b@x.org", "0042")]


def test_faults_of_a_sheet_are_those_of_a_table() -> None:
    """The same codes, and the same ways out."""
    assert fault(xlsx({"A": []})).code == "FILE_EMPTY"
    assert fault(xlsx({"A": [["email"]]})).code == "NO_ROWS"
    assert fault(xlsx({"A": [["email"], *[["a@x.org"]] * 70]})).code == "TOO_MANY_ROWS"
    found = fault(xlsx({"A": [["Ada", "ada@x.org"], ["Bob", "bob@x.org"]]}))
    assert (found.code, found.fixable) == ("HEADER_MISSING", {"header_line": 0, "email": 1})
    assert found.layout is not None
    assert found.layout.sample[0] == ("Ada", "ada@x.org")
    data = xlsx({"A": [["Ada", "ada@x.org"], ["Bob", "bob@x.org"]]})
    assert [row.line for row in read(data, Choices(header_line=0, email=1))[1]] == [1, 2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"a.csv": "email\na@x.org\n"}), "FILE_IS_ARCHIVE"),
        (zipped({"word/document.xml": "<a/>"}), "FILE_IS_DOCUMENT"),
        (zipped({"xl/workbook.xml": "<a/>"}), "FILE_IS_WORKBOOK"),
        (zipped({"xl/workbook.xml": "no xml at all", "xl/_rels/workbook.xml.rels": "<"}), "FILE_IS_WORKBOOK"),
        (xlsx({"A": [["email"], ["a@x.org"]]})[:-30], "FILE_IS_WORKBOOK"),
        (zipped({f"{n}": "" for n in range(MAX_ENTRIES + 1)}), "ARCHIVE_TOO_LARGE"),
        (zipped({"xl/workbook.xml": b"\0" * 30_000_000}), "ARCHIVE_TOO_LARGE"),
    ],
)
def test_other_zips_are_named(data: bytes, code: str) -> None:
    """An archive, a document, a damaged workbook, a bomb: each is said in a sentence."""
    assert fault(data).code == code


def test_sizes_that_lie_are_not_believed() -> None:
    """What a bomb says about itself does not count; what it inflates to does."""
    data = zipped({"xl/workbook.xml": b"\0" * 30_000_000})
    lying = data.replace(struct.pack("<L", 30_000_000), struct.pack("<L", 10))
    assert lying != data
    assert fault(lying).code == "ARCHIVE_TOO_LARGE"


def test_a_far_off_cell_is_not_filled_up_to() -> None:
    """One cell in the last corner would take all memory there is."""
    sheet = xlsx({"A": [["email"], ["a@x.org"]]})
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert fault(zipped(parts), limits=Limits()).code == "ARCHIVE_TOO_LARGE"
