"""For any bytes: rows or a fault, the same however they arrive; and what we wrote comes back as it was."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from services.importer.limits import Limits
from services.importer.reading import Choices, FileFault, Record, open_table
from services.importer.reading.cells import BLANKS, plain
from services.projector.web.cells import csv_lines, escape
from tests.support.reading import xlsx

LIMITS = Limits(max_rows=50, max_record=5_000)

_RAGGED = st.text(alphabet="email,;\"\r\n\t @.x'ä", max_size=300)
_ANY = st.binary(max_size=300) | _RAGGED.map(str.encode) | _RAGGED.map(lambda text: text.encode("cp1252"))
_PREFIX = st.sampled_from(
    [b"", b"email,description\n", b"email;description\r\n", b"\xef\xbb\xbfemail\n", b"\xff\xfe", b"sep=;\n"]
)
_CHOICES = st.sampled_from(
    [
        Choices(),
        Choices(header_line=0, email=0),
        Choices(encoding="windows-1252", delimiter=";"),
        Choices(encoding="utf-16", header_line=1, email=1, description=0),
    ]
)


def outcome(stream: io.BytesIO, choices: Choices, *, pasted: bool) -> list[Record] | tuple[str, int | None]:
    """Everything that is told about a file."""
    try:
        table = open_table(stream, LIMITS, choices, pasted=pasted)
        return list(table.records)
    except FileFault as error:
        fault = error
    assert fault.code.isupper()
    assert fault.detail.endswith(".")
    assert fault.line is None or fault.line >= 1
    return fault.code, fault.line


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """No more than that."""
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


@settings(max_examples=150)
@given(_ANY, _PREFIX, _CHOICES, st.booleans(), st.integers(1, 40))
def test_any_bytes_are_rows_or_a_fault(
    data: bytes, prefix: bytes, choices: Choices, pasted: bool, most: int
) -> None:
    """Never another exception; numbered rows in line order; the same in pieces of any size."""
    found = outcome(io.BytesIO(prefix + data), choices, pasted=pasted)
    assert found == outcome(Trickle(prefix + data, most), choices, pasted=pasted)
    if isinstance(found, tuple):
        return
    assert found
    assert [row.row for row in found] == list(range(1, len(found) + 1))
    lines = [row.line for row in found]
    assert lines == sorted(lines)
    assert pasted or lines == sorted(set(lines))
    assert not any("\ufffd" in row.email + row.description for row in found)
    assert all(row.email == plain(row.email) or row.notes for row in found)


@settings(max_examples=50)
@given(st.data())
def test_damaged_workbooks_are_rows_or_a_fault(data: st.DataObject) -> None:
    """A byte changed anywhere, or the end missing: the library may say what it likes."""
    book = bytearray(xlsx({"A": [["email", "note"], ["a@x.org", "x"], [1, 2.5]]}))
    for _ in range(data.draw(st.integers(0, 3))):
        book[data.draw(st.integers(4, len(book) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(4, len(book)))
    outcome(io.BytesIO(book[:end]), Choices(), pasted=False)
    outcome(io.BytesIO(book), Choices(), pasted=False)


_CELL = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd"), max_size=12
) | (st.text(alphabet="'=+-@\t\r\n \",;ax", max_size=8))


@settings(max_examples=150)
@given(st.lists(_CELL.map(lambda cell: cell.strip(BLANKS)), min_size=1, max_size=8))
def test_what_we_wrote_comes_back(descriptions: list[str]) -> None:
    """Formulas, apostrophes, quotes, line breaks, control characters: our own files are read as they were meant."""
    written = [(f"user{n}@x.org", text) for n, text in enumerate(descriptions)]
    data = csv_lines([("email", "description"), *written])
    table = open_table(io.BytesIO(data), LIMITS, Choices(encoding="utf-8"))
    assert [(row.email, row.description, row.code) for row in table.records] == [
        (email, text, None) for email, text in written
    ]


@given(st.text(alphabet="'=+-@\t\rax ", max_size=8))
def test_exactly_one_apostrophe_is_taken_away(text: str) -> None:
    """What was never escaped, and an apostrophe of somebody's own, stay."""
    text = text.strip(BLANKS)
    assert plain(escape(text)) == text
    assert plain(" o'hara ") == "o'hara"
