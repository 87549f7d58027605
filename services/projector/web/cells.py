"""CSV that a spreadsheet does not run: cells that look like formulas get an apostrophe, which can be undone.

A cell is trimmed, as every reader of such files does; then it needs an apostrophe if, after any apostrophes, it begins
with a character that starts a formula. Exactly one is put in front; a reader takes one away from every cell that begins
with apostrophes and such a character. So every text comes back as it was, also one that began with an apostrophe.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

BLANKS: Final = " \t\r\n"
"""What is trimmed: some spreadsheets run a formula behind blanks."""

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def escape(cell: str) -> str:
    """`cell`, trimmed and safe to open in a spreadsheet."""
    cell = cell.strip(BLANKS)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape(cell: str) -> str:
    """What `escape` was given, trimmed."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_lines(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Rows as CSV (RFC 4180, UTF-8), every text escaped."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([escape(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()
