"""Cells as people meant them."""

import re
from typing import Final

_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r]")


def plain(cell: str) -> str:
    """Trim a cell, and take away the apostrophe with which our own files keep spreadsheets from running it.

    Exactly one is taken, so what was exported comes back as it was, also if it began with an apostrophe.
    """
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and _ESCAPED.match(cell) else cell
