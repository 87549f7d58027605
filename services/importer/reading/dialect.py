"""Which character separates the cells: the first line is tried with each candidate."""

import csv
from typing import Final

from services.importer.reading.header import meaning

CANDIDATES: Final = (",", ";", "\t", "|")


def parser_options(delimiter: str) -> dict[str, object]:
    """How `csv.reader` is to read: well-formed quoting only, so that nothing is swallowed in silence."""
    return {"delimiter": delimiter, "strict": True, "skipinitialspace": True}


def find_delimiter(header: str) -> str:
    """The candidate with which `header` has a column for addresses, and then the most columns we know.

    Where none has, or there is only one column, it is the comma.
    """
    return max(CANDIDATES, key=lambda delimiter: _known_columns(header, delimiter))


def _known_columns(header: str, delimiter: str) -> tuple[bool, int, int]:
    try:
        cells = next(csv.reader([header], **parser_options(delimiter)), [])  # type: ignore[arg-type]
    except csv.Error:
        return False, 0, 0
    known = [column for column in map(meaning, cells) if column is not None]
    return "email" in known, len(known), len(cells) if len(cells) > 1 else 0
