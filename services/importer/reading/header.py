"""Which column holds what: by name, from a fixed and documented list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.importer.reading import faults

SYNONYMS: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset(
        {
            "email",
            "e-mail",
            "mail",
            "email address",
            "e-mail address",
            "email_address",
            "e-post",
            "e-posti aadress",
        }
    ),
    "description": frozenset({"description", "note", "notes", "comment", "comments", "kirjeldus"}),
}
"""Names that are understood, in lower case; docs/how-to/csv-files.md lists them for people."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns, from 0, and the names found there."""

    width: int
    email: int
    description: int | None
    names: Mapping[str, str]
    ignored: tuple[str, ...]


def meaning(name: str) -> str | None:
    """Which of our columns a heading stands for."""
    plain = " ".join(name.split()).casefold()
    return next((column for column, names in SYNONYMS.items() if plain in names), None)


def find_columns(cells: Sequence[str], line: int) -> Columns:
    """Understand the header, or say what is wrong with it.

    Raises:
        FileFault: no column for addresses, two for the same, or the line is no header.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(cells):
        column = meaning(name)
        if column is None:
            continue
        if column in places:
            raise faults.column_twice(cells[places[column]].strip(), name.strip(), line)
        places[column] = place
    if "email" not in places:
        if any("@" in cell for cell in cells):
            raise faults.no_header(line)
        raise faults.no_email_column([cell.strip()[:60] for cell in cells if cell.strip()], line)
    return Columns(
        width=len(cells),
        email=places["email"],
        description=places.get("description"),
        names={column: cells[place].strip() for column, place in places.items()},
        ignored=tuple(
            name.strip() for place, name in enumerate(cells) if place not in places.values() and name.strip()
        ),
    )
