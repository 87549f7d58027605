"""One record cell by cell, for what `csv.reader` refuses or passes over in silence. Slow, and seldom needed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MANY_QUOTES: Final = 50
"""Inside one cell; more are not put together, so that the time stays linear."""


@dataclass(slots=True)
class Scanned:
    """Cells as they are meant.

    Attributes:
        cells: all of them.
        stray: a quote stands where none should, and was kept as text.
        bad: where the first quoted cell begins that is not closed properly; None if all are.
        open: that cell is closed nowhere in the text.
    """

    cells: list[str]
    stray: bool = False
    bad: int | None = None
    open: bool = False


def scan(text: str, delimiter: str) -> Scanned:
    """Read one record; a line break outside quotes ends it."""
    quoted, loose, begins, opened, plain, end = _patterns(delimiter)
    found = Scanned([])
    at = 0
    while True:
        if match := quoted.match(text, at):
            found.cells.append(match[1].replace('""', '"'))
        elif (match := loose.match(text, at)) and not _begins_another(match[1], delimiter):
            found.cells.append(match[1].replace('""', '"'))
            found.stray = True
            found.bad = at if found.bad is None else found.bad
        else:
            if found.bad is None and begins.match(text, at):
                found.bad = at
                found.open = opened.match(text, at) is not None
            match = plain.match(text, at)
            assert match is not None  # noqa: S101 - it matches nothing at all, too
            found.cells.append(match[0].strip(" "))
            found.stray = found.stray or '"' in match[0]
        at = match.end()
        if not text.startswith(delimiter, at) or end.match(text, at):
            return found
        at += 1


def _begins_another(content: str, delimiter: str) -> bool:
    """The quote that was taken for the last belongs to a cell further on."""
    return re.search(re.escape(delimiter) + ' *"', content) is not None


@lru_cache(maxsize=16)
def _patterns(delimiter: str) -> tuple[re.Pattern[str], ...]:
    d = re.escape(delimiter)
    over = rf" *(?={d}|[\r\n]|\Z)"
    return (
        re.compile(rf' *"((?:[^"]++|"")*+)"{over}'),
        re.compile(rf' *"((?:[^"\r\n]++|"(?!{over})){{0,{_MANY_QUOTES}}}+)"{over}'),
        re.compile(r' *"'),
        re.compile(r' *"(?:[^"]++|"")*+\Z'),
        re.compile(rf"[^\r\n{d}]*"),
        re.compile(r"[\r\n]|\Z"),
    )
