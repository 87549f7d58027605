"""Quotes: what is well-formed is obeyed, what is not is kept as text or named, and no row is swallowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importer.limits import Limits
from services.importer.notes import RowNote
from services.importer.reading import FileFault
from services.importer.reading.lines import Lines, split
from services.importer.reading.parsing import parse
from tests.support.reading import fault, read

STRAY = (RowNote("STRAY_QUOTE"),)


@pytest.mark.parametrize(
    ("line", "description", "notes"),
    [
        ('a@x.org,"x, y"', "x, y", ()),
        ('a@x.org, "x, y"', "x, y", ()),
        ('a@x.org,"x, y" ', "x, y", ()),
        ('a@x.org,"say ""hi"""', 'say "hi"', ()),
        ('"a@x.org",""', "", ()),
        ('a@x.org,5" disk', '5" disk', STRAY),
        ('a@x.org,the "A" group', 'the "A" group', STRAY),
        ('a@x.org,"A" group', '"A" group', STRAY),
        ('a@x.org,"the "A" group"', 'the "A" group', STRAY),
        ('a@x.org,"A""" x', '"A""" x', STRAY),
    ],
)
def test_quotes_in_one_line(line: str, description: str, notes: tuple[RowNote, ...]) -> None:
    """A quote that has no meaning is text, and the row says so; the rows around it do not care."""
    _, rows = read(f"email,description\nfirst@x.org,1\n{line}\nlast@x.org,2\n".encode())
    assert [(row.line, row.email, row.description, row.notes) for row in rows] == [
        (2, "first@x.org", "1", ()),
        (3, "a@x.org", description, notes),
        (4, "last@x.org", "2", ()),
    ]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('a@x.org,"open', 2),
        ('a@x.org,x\nb@x.org,"open\nc@x.org,y\nd@x.org,"closed"\n', 3),
        ('a@x.org,"one\ntwo","open\nb@x.org,"y"\n', 3),
        ('a@x.org,"' + "x" * 4_000 + "\n" + "y" * 2_000 + '"\n', 2),
        ('a@x.org,"' + "x" * 70_000, 2),
        ('a@x.org,"' + "x\n" * 70_000 + '"', 2),
    ],
)
def test_a_quote_that_is_not_closed_is_named(data: str, line: int) -> None:
    """The next quote of another row does not close it: later rows are not swallowed."""
    found = fault(b"email,description\n" + data.encode())
    assert (found.code, found.line) == ("QUOTE_NOT_CLOSED", line)
    assert f"line {line}" in found.detail


@pytest.mark.parametrize("rows_before", [0, 1_000, 1_070, 1_090, 3_000])
def test_line_numbers_after_quoted_line_breaks_across_blocks(rows_before: int) -> None:
    """Wherever a block of the file ends, a record is whole and the lines after it are right."""
    data = b"email,description\n" + b"a@x.org,0123456789012345678\r\n" * rows_before
    data += b'b@x.org,"' + b"line\r\n" * 400 + b'"\r\nc@x.org,"1"" pipe"\nd@x.org,2'
    _, rows = read(data, limits=Limits())
    assert [(row.line, row.email) for row in rows[-3:]] == [
        (rows_before + 2, "b@x.org"),
        (rows_before + 403, "c@x.org"),
        (rows_before + 404, "d@x.org"),
    ]
    assert rows[-2].notes == ()


def test_many_odd_quotes_take_linear_time() -> None:
    """A long line made to be slow is read like any other."""
    line = b'"x"y,' * 100_000
    _, rows = read(b"email,description\n" + line + b"\na@x.org,z\n")
    assert [row.code for row in rows] == ["CELL_TOO_LONG", None]


@given(st.text(alphabet='a,"\n\r x', max_size=60), st.integers(0, 60))
def test_it_does_not_matter_where_a_block_ends(text: str, at: int) -> None:
    """The quick way for whole blocks and the careful way for single lines agree."""

    def rows(parts: list[str]) -> list[tuple[int, list[str], object]] | tuple[str, int | None]:
        blocks, first = [], 1
        for part in parts:
            blocks.append(Lines.of(first, part))
            first = blocks[-1].after
        found = []
        try:
            for block in parse(blocks, ",", 40):
                for index, (line, cells) in enumerate(zip(block.lines, block.rows, strict=True)):
                    found.append((line, cells, (block.notes.get(index), index in block.long)))
        except FileFault as fault:
            return fault.code, fault.line
        return found

    lines = split(text)
    whole = rows([text] if text else [])
    assert whole == rows(lines)
    assert whole == rows([part for part in ("".join(lines[:at]), "".join(lines[at:])) if part])
