"""Which column holds what: by name, from a fixed and documented list, or as a person chose."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SYNONYMS: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset(
        {
            *("email", "e-mail", "mail", "emails", "e-mails", "email address", "e-mail address"),
            *("mail address", "email_address", "user email", "student email", "emailaddress"),
            *("e-post", "epost", "meil", "e-mail aadress", "e-posti aadress", "meiliaadress"),
            *("e-mail-adresse", "email-adresse", "e-mailadresse", "mailadresse", "mail-adresse"),
            *("e-postadress", "epostadress", "e-postadresse", "sähköposti", "sähköpostiosoite"),
            *("courriel", "adresse e-mail", "adresse email", "adresse mail", "adresse électronique"),
            *(
                "correo",
                "correo electrónico",
                "dirección de correo",
                "endereço de e-mail",
                "posta elettronica",
            ),
            *("indirizzo e-mail", "indirizzo email", "e-mailadres", "e-pasts", "e-pasta adrese"),
            *("el. paštas", "el. pašto adresas", "adres e-mail", "adres email", "e-mailová adresa"),
            *("почта", "эл. почта", "электронная почта", "адрес электронной почты", "e-mail адрес"),
        }
    ),
    "description": frozenset(
        {
            *("description", "note", "notes", "comment", "comments", "remark", "remarks", "group"),
            *("kirjeldus", "märkus", "märkused", "kommentaar", "rühm", "grupp"),
            *("beschreibung", "bemerkung", "bemerkungen", "kommentar", "gruppe", "notiz"),
            *("beskrivning", "beskrivelse", "anteckning", "kuvaus", "huomautus", "ryhmä"),
            *("commentaire", "commentaires", "remarque", "groupe", "descripción", "comentario", "grupo"),
            *("descrizione", "commento", "gruppo", "descrição", "beschrijving", "opmerking", "groep"),
            *("apraksts", "piezīmes", "grupa", "aprašymas", "pastabos", "grupė", "opis", "uwagi", "popis"),
            *("описание", "примечание", "комментарий", "группа"),
        }
    ),
}
"""Names that are understood, in lower case; docs/how-to/csv-files.md lists them for people."""

ADDRESS: Final = re.compile(r"[^@\s,;|<>]+@[^@\s,;|<>]+\.[^@\s,;|<>]+")
"""Good enough to tell a person's line from a heading; what an address is, is decided elsewhere."""

_INVISIBLE: Final = re.compile(r"[\ufeff\u200b-\u200f\u2060\u00ad]")
_NAME_OF: Final[dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns, from 0, and the names found there. `width`: cells of a row, more are too many."""

    width: int
    email: int
    description: int | None
    headings: tuple[str, ...]

    @property
    def places(self) -> dict[str, int]:
        """Our name of a column → its place."""
        places = {"email": self.email}
        return places if self.description is None else {**places, "description": self.description}

    @property
    def names(self) -> dict[str, str]:
        """Our name of a column → its heading."""
        return {column: self.headings[place] for column, place in self.places.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings of the columns that are not used."""
        used = self.places.values()
        return tuple(name for place, name in enumerate(self.headings) if place not in used and name)


def meaning(name: str) -> str | None:
    """Which of our columns a heading stands for: any case, any blanks, quotes and a colon do not matter."""
    return _NAME_OF.get(_plain(name)) if len(name) <= 100 else None


def meanings(cells: Sequence[str]) -> dict[str, list[int]]:
    """Our names → the places where each is found."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(cells):
        if (column := meaning(name)) is not None:
            found.setdefault(column, []).append(place)
    return found


def address_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The place where most rows have an address; None if nowhere."""
    counts: dict[int, int] = {}
    for cells in rows:
        for place, cell in enumerate(cells):
            if "@" in cell and ADDRESS.search(cell):
                counts[place] = counts.get(place, 0) + 1
    return max(counts, key=lambda place: (counts[place], -place)) if counts else None


def holds_address(cells: Sequence[str]) -> bool:
    """A cell is an address and nothing else: this line is a person."""
    return any(ADDRESS.fullmatch(cell.strip(" \t\"'<>\u00a0\ufeff")) for cell in cells if "@" in cell)


def _plain(name: str) -> str:
    name = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).replace("_", " ").casefold()
    return " ".join(name.split()).strip("\"'*:\u201c\u201d ")


_NAME_OF.update({_plain(name): column for column, names in SYNONYMS.items() for name in names})
