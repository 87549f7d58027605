"""Cells as people meant them."""

import re
from typing import Final

BLANKS: Final = " \t\r\n"
"""What is trimmed without a word. Other invisible characters are worth a note, so they are left to the rows."""

_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r]")


def escaped(cell: str) -> bool:
    """The cell begins with the apostrophe with which our own files keep spreadsheets from running it."""
    return cell.startswith("'") and _ESCAPED.match(cell) is not None


def plain(cell: str) -> str:
    """Trim a cell, and take that apostrophe away.

    Exactly one is taken, so what was exported comes back as it was, also if it began with an apostrophe.
    """
    cell = cell.strip(BLANKS)
    return cell[1:] if escaped(cell) else cell
