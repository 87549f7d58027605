"""Where the header is and which columns count: found by name, or as a person chose."""

from dataclasses import dataclass
from typing import Any, Final

from services.importer.reading import faults
from services.importer.reading.header import Columns, address_column, holds_address, meanings
from services.importer.reading.model import Choices
from services.importer.reading.sampling import HEADER_WITHIN, Sample

_HEADING: Final = 80


@dataclass(frozen=True, slots=True)
class Located:
    """The header is on line `header_line` (0: nowhere); rows begin on line `after`."""

    columns: Columns
    header_line: int
    after: int
    title_lines: int = 0


def locate(tried: Sample, choices: Choices) -> Located:
    """Find the header and its columns in the first rows.

    Raises:
        FileFault: there is no header, it is ambiguous, or nothing is there. What a person may choose is said.
    """
    if not tried.rows:
        raise faults.empty()
    if choices.header_line == 0:
        return _without_header(tried, choices)
    at = _header_at(tried, choices)
    line, after, cells = tried.rows[at]
    columns = _columns(cells, tried, line, choices)
    return Located(columns, line, after, title_lines=at)


def headings_for_choice(tried: Sample, header_line: object) -> tuple[str, ...]:
    """What stands above the columns if `header_line` is the header: its cells, else their numbers."""
    for line, _, cells in tried.rows:
        if line == header_line:
            return tuple(_heading(cell) for cell in cells)
    return _numbered(max(map(len, tried.cells), default=0))


def _header_at(tried: Sample, choices: Choices) -> int:
    """The index of the row that is the header."""
    if choices.header_line is not None:
        for at, (line, _, _) in enumerate(tried.rows):
            if line == choices.header_line:
                return at
        raise faults.bad_choice(f"Line {choices.header_line} cannot be the header.")
    cells = tried.cells
    named = next((at for at, row in enumerate(cells[:HEADER_WITHIN]) if "email" in meanings(row)), None)
    person = next((at for at, row in enumerate(cells) if holds_address(row)), None)
    if named is not None and (person is None or named <= person):
        return named
    if choices.email is not None and person != 0:
        return 0
    where = address_column(cells)
    if person == 0 or (named is not None and person is not None):
        line = tried.rows[person][0]
        raise faults.no_header(line, fixable={"header_line": 0, "email": where or 0})
    at = min(max((person or 0) - 1, 0), HEADER_WITHIN - 1)
    line = tried.rows[at][0]
    found = [cell.strip()[:60] for cell in cells[at] if cell.strip()]
    fixable = {} if where is None else {"header_line": line, "email": where}
    raise faults.no_email_column(found, line, fixable=fixable)


def _columns(cells: list[str], tried: Sample, line: int, choices: Choices) -> Columns:
    found = meanings(cells)
    headings = tuple(_heading(cell) for cell in cells)
    email = _place("email", found, headings, line, choices.email)
    chosen = choices.description
    if chosen is None and choices.email is not None:
        found["description"] = [place for place in found.get("description", ()) if place != email]
    description = None if chosen == -1 else _place("description", found, headings, line, chosen)
    if email is None:
        raise faults.no_email_column(
            [name for name in headings if name], line, fixable={"header_line": line, "email": 0}
        )
    width = max(map(len, tried.cells))
    _check(email, description, width)
    width = max(len(cells), email + 1, (description or 0) + 1)
    return Columns(width, email, description, (*headings, *[""] * (width - len(headings))))


def _place(
    column: str, found: dict[str, list[int]], headings: tuple[str, ...], line: int, chosen: int | None
) -> int | None:
    if chosen is not None:
        return chosen
    places = found.get(column, [])
    if len(places) > 1:
        first, second = places[:2]
        more: dict[str, Any] = {"fixable": {"header_line": line, column: first}}
        raise faults.column_twice((first, headings[first]), (second, headings[second]), line, **more)
    return places[0] if places else None


def _without_header(tried: Sample, choices: Choices) -> Located:
    cells = tried.cells
    width = max(map(len, cells))
    email = choices.email
    if email is None:
        email = address_column(cells)
    if email is None and width > 1:
        raise faults.no_email_column(
            list(_numbered(width)),
            tried.rows[0][0],
            fixable={"header_line": 0, "email": 0},
        )
    email = email or 0
    description = None if choices.description == -1 else choices.description
    _check(email, description, width)
    return Located(Columns(width, email, description, _numbered(width)), 0, 0)


def _check(email: int, description: int | None, width: int) -> None:
    for place in (email, description):
        if place is not None and not 0 <= place < width:
            raise faults.bad_choice(f"There is no column {place + 1}.")
    if email == description:
        raise faults.bad_choice("One column cannot hold both the addresses and the descriptions.")


def _numbered(width: int) -> tuple[str, ...]:
    return tuple(f"column {place + 1}" for place in range(width))


def _heading(cell: str) -> str:
    return cell.strip().strip("\ufeff\u200b").strip()[:_HEADING].replace("\ufffd", "?")
