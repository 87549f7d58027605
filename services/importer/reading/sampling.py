"""The beginning of a file, read with each delimiter in turn: the most even reading with headings we know wins."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.importer.reading.header import holds_address, meanings

DELIMITERS: Final = (",", ";", "\t", "|")
HEADER_WITHIN: Final = 10
"""Lines in which the header is searched, blank ones not counted."""

_TRIED: Final = 200
_SEP: Final = re.compile(r'"?sep=([^"\s\w]|\t)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows: the line where each starts, the line after it, and its cells; blank rows left out."""

    rows: tuple[tuple[int, int, list[str]], ...]

    @property
    def cells(self) -> list[list[str]]:
        """Only the cells."""
        return [cells for _, _, cells in self.rows]


def sep_line(line: str) -> str | None:
    """The delimiter that Excel's `sep=;` names, if the line is one."""
    match = _SEP.fullmatch(line)
    return match[1] if match else None


def sample(first: int, lines: Sequence[str], delimiter: str) -> Sample:
    """Read the first lines; a quote that is not closed ends it."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    rows: list[tuple[int, int, list[str]]] = []
    start = 0
    try:
        for cells in islice(reader, _TRIED):
            if any(map(str.strip, cells)):
                rows.append((first + start, first + reader.line_num, cells))
            start = reader.line_num
    except csv.Error:
        pass
    return Sample(tuple(rows))


def find_delimiter(first: int, lines: Sequence[str]) -> str:
    """The candidate that makes most sense; the comma where none does, or there is only one column."""
    return max(DELIMITERS, key=lambda delimiter: _sense(sample(first, lines, delimiter)))


def _sense(tried: Sample) -> tuple[int, float, int, float, int]:
    """Headings first and rows that fit under them; without any, addresses that are alone in their cell."""
    for at, cells in enumerate(tried.cells[:HEADER_WITHIN]):
        if "email" in (found := meanings(cells)):
            below = tried.cells[at + 1 :]
            fitting = sum(1 for row in below if not any(map(str.strip, row[len(cells) :])))
            return 1 + len(found), fitting / len(below) if below else 0.0, 0, 0.0, len(cells)
    addresses = sum(map(holds_address, tried.cells))
    widths = Counter(map(len, tried.cells))
    width, common = widths.most_common(1)[0] if widths else (0, 0)
    return 0, 0.0, addresses, common / len(tried.cells) if width > 1 else 0.0, width if width > 1 else 0
