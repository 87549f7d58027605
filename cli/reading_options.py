"""How a file is to be read, as a person says it, and how the API wants it; and back, for advice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cli.errors import Failure
from cli.exits import Exit

Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
_CHARACTERS: Mapping[str, Delimiter] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_NO_COLUMN = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody said of the file. A column is named by its heading, or by its number from 1."""

    encoding: str | None = None
    delimiter: Delimiter | None = None
    email_column: str | None = None
    description_column: str | None = None
    no_header: bool = False

    @property
    def by_heading(self) -> bool:
        """Whether a column is named by its heading, so that the file has to be looked at first."""
        return any(_number(said) is None for said in (self.email_column, self.description_column) if said)

    def choices(self, headings: Sequence[str] | None = None) -> dict[str, Any]:
        """As the API takes them; columns named by heading are left out when `headings` is None.

        Raises:
            Failure: there is no such heading, or several.
        """
        columns: dict[str, int] = {"header_line": 0} if self.no_header else {}
        for name, said in (("email", self.email_column), ("description", self.description_column)):
            place = None if said is None else _place(said, headings)
            if place is not None:
                columns[name] = place
        chosen: dict[str, Any] = {"encoding": self.encoding, "delimiter": self.delimiter, "columns": columns}
        return {name: value for name, value in chosen.items() if value}


AS_IT_IS = Reading()


def options_for(choices: Mapping[str, Any]) -> str:
    """The options that say what the API offers as `choices`; empty when there are none."""
    columns = choices.get("columns") or {}
    return " ".join(_options(choices, columns))


def _options(choices: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterable[str]:
    if encoding := choices.get("encoding"):
        yield f"--encoding {encoding}"
    if delimiter := choices.get("delimiter"):
        yield f"--delimiter {delimiter_name(delimiter)}"
    if columns.get("header_line") == 0:
        yield "--no-header"
    for name in ("email", "description"):
        place = columns.get(name)
        if isinstance(place, int):
            yield f"--{name}-column {'none' if place == _NO_COLUMN else place + 1}"


def delimiter_name(delimiter: str) -> str:
    """What a delimiter is called here: comma, semicolon, tab, pipe."""
    return _CHARACTERS.get(delimiter, delimiter)


def _place(said: str, headings: Sequence[str] | None) -> int | None:
    number = _number(said)
    if number is not None:
        return number
    if headings is None:
        return None
    wanted = said.strip().casefold()
    found = [place for place, heading in enumerate(headings) if heading.strip().casefold() == wanted]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"“{heading}”" for heading in headings[:20]) or "none"
    many = "There are several columns" if found else "There is no column"
    raise Failure(
        Exit.ERROR,
        "NO_SUCH_COLUMN",
        f"{many} called “{said}” in the file. Its columns: {names}.",
        "Name it by its number, counting from 1.",
    )


def _number(said: str) -> int | None:
    """The place of a column, from 0, if it was given as a number; `none` is no column."""
    if said == "none":
        return _NO_COLUMN
    return int(said) - 1 if said.isdecimal() and int(said) > 0 else None
