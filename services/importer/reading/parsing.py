"""Lines to rows of cells. `csv.reader` does the work; what it cannot do is done row by row, beside it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from services.importer.notes import RowNote
from services.importer.reading import faults
from services.importer.reading.lines import Lines, line_ends, split
from services.importer.reading.quotes import scan

_STRAY: Final = RowNote("STRAY_QUOTE")
_ODD: Final = RowNote("OTHER_ENCODING")


@dataclass(slots=True)
class Rows:
    """Some rows.

    Attributes:
        rows: their cells.
        lines: the line where each starts.
        plain: they are one line each and no character was lost, so there is little left to look for.
        apostrophes: some cell may begin with one.
        notes: by index, what was noticed about a row.
        long: indices of rows that are longer than any row may be.
    """

    rows: list[list[str]]
    lines: Sequence[int]
    plain: bool = False
    apostrophes: bool = True
    notes: dict[int, tuple[RowNote, ...]] = field(default_factory=dict)
    long: set[int] = field(default_factory=set)


def strict(lines: Iterable[str], delimiter: str) -> Any:
    """`csv.reader` for well-formed quoting only, so that nothing is swallowed in silence."""
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def parse(blocks: Iterable[Lines], delimiter: str, max_record: int) -> Iterator[Rows]:
    """All rows of the lines, blank ones too.

    Raises:
        FileFault: a quote is never closed.
    """
    rest = Lines(1, "", [])
    for block in blocks:
        if rest.text:
            block = Lines.of(rest.first, rest.text + block.text, rest.odd | block.odd)
        rows, rest = _parse_block(block, delimiter, max_record)
        yield rows
    if rest.text:
        raise _not_closed(rest.first, rest.text, delimiter, max_record)


def _parse_block(block: Lines, delimiter: str, max_record: int) -> tuple[Rows, Lines]:
    text = block.text
    lines = [] if block.odd else block.bare
    if lines and (len(text) <= max_record or max(map(len, lines)) <= max_record):
        try:
            rows = list(strict(lines, delimiter))
        except csv.Error:
            rows = []
        if len(rows) == len(lines):
            numbers = range(block.first, block.first + len(lines))
            found = Rows(rows, numbers, plain="\ufffd" not in text, apostrophes="'" in text)
            if '"' in text:
                _note_stray(found, lines, delimiter)
            return found, Lines(block.first + len(lines), "", [])
    return _parse_carefully(block, delimiter, max_record)


def _note_stray(found: Rows, lines: list[str], delimiter: str) -> None:
    """Quotes that are text are either doubled inside quotes, or stray."""
    if '"' not in "".join(chain.from_iterable(found.rows)):
        return
    for index, cells in enumerate(found.rows):
        if '"' in "".join(cells) and scan(lines[index], delimiter).stray:
            found.notes[index] = (_STRAY,)


def _parse_carefully(block: Lines, delimiter: str, max_record: int) -> tuple[Rows, Lines]:
    lines = split(block.text)
    reader = strict(lines, delimiter)
    starts: list[int] = []
    found = Rows([], starts)
    start = 0
    while start < len(lines):
        stray = False
        try:
            cells: list[str] = next(reader)
        except csv.Error as error:
            record = lines[start : reader.line_num]
            text = "".join(record)
            scanned = scan(text, delimiter)
            # Whether the quote is closed further on is for the next block to show.
            unfinished = scanned.open or "unexpected end" in str(error)
            if unfinished and len(text) <= max_record and reader.line_num == len(lines):
                odd = frozenset(number for number in block.odd if number >= block.first + start)
                return found, Lines.of(block.first + start, text, odd)
            if scanned.open or len(record) > 1:
                raise _not_closed(block.first + start, text, delimiter, max_record) from None
            cells, stray = scanned.cells, scanned.stray
        else:
            if any('"' in cell for cell in cells):
                stray = scan("".join(lines[start : reader.line_num]), delimiter).stray
        end = reader.line_num
        index = len(starts)
        if sum(map(len, lines[start:end])) > max_record:
            if end - start > 1:
                raise _not_closed(block.first + start, "".join(lines[start:end]), delimiter, max_record)
            found.long.add(index)
        odd_row = bool(block.odd) and any(block.first + at in block.odd for at in range(start, end))
        if stray or odd_row:
            found.notes[index] = (*((_STRAY,) if stray else ()), *((_ODD,) if odd_row else ()))
        found.rows.append(cells)
        starts.append(block.first + start)
        start = end
    return found, Lines(block.first + len(lines), "", [])


def _not_closed(first: int, text: str, delimiter: str, max_record: int) -> faults.FileFault:
    """Names the line of the quote that began it, judged by no more than one record may hold."""
    text = text[: max_record + 1]
    before = text[: scan(text, delimiter).bad or 0]
    return faults.quote_not_closed(first + line_ends(before))
