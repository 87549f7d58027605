"""The cases of `files/`: what is uploaded, and what must come of it. Each folder holds one case as `case.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

FILES = Path(__file__).parent / "files"
VERDICTS = (
    "new",
    "existing_ok",
    "existing_pending",
    "existing_erred",
    "existing_closed",
    "duplicate",
    "invalid",
)
_VERDICT_OF_STATE = {"OK": 2, "Pending": 1, "Erred": 3, "Closed": 4}


class BrokenCase(Exception):
    """A `case.toml` says something that is not understood."""


@dataclass(frozen=True)
class Row:
    """What is expected of one row; what is None is not looked at, notes and suggestions always are.

    `says` stands somewhere in the row's answer. `suggestions`: code → what the address would become ("": any).
    """

    line: int | None = None
    row: int | None = None
    email: str | None = None
    description: str | None = None
    verdict: str | None = None
    code: str | None = None
    duplicate_of: int | None = None
    says: str = ""
    notes: tuple[str, ...] = ()
    suggestions: Mapping[str, str] | None = None

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """From TOML."""
        return cls(**{**_known(cls, said), "notes": tuple(said.get("notes", ()))})


@dataclass(frozen=True)
class Upload:
    """One upload. With `refused` the whole file must be refused with that code; else it must be previewed so.

    `how`: `form` (as a browser), `raw` (the bytes as the body) or `paste`. `accounts`: address → state of the account
    that is there already. `choose`: what a person chose of how to read the file.
    """

    folder: Path
    file: str = ""
    make: str = ""
    how: str = "form"
    name: str | None = None
    type: str = "text/csv"
    choose: Mapping[str, Any] | None = None
    accounts: Mapping[str, str] | None = None
    status: int = 0
    refused: str = ""
    line: int | None = None
    says: str = ""
    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    header_line: int = 1
    columns: Mapping[str, str] | None = None
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    verdicts: Mapping[str, int] | None = None
    blank: int = 0
    to_create: int | None = None
    rows: tuple[Row, ...] = ()

    @classmethod
    def read(cls, folder: Path, said: Mapping[str, Any]) -> Self:
        """From TOML."""
        plain = {key: value for key, value in said.items() if key not in (*VERDICTS, "row")}
        return cls(
            folder,
            **{
                **_known(cls, plain),
                "ignored": tuple(said.get("ignored", ())),
                "notes": tuple(said.get("notes", ())),
                "verdicts": {verdict: said.get(verdict, 0) for verdict in VERDICTS},
                "rows": tuple(Row.read(row) for row in said.get("row", ())),
            },
        )

    def bytes(self) -> bytes:
        """What is uploaded."""
        return MADE[self.make]() if self.make else (self.folder / self.file).read_bytes()

    def states(self) -> dict[str, int]:
        """Accounts that are there: address → the provisioner's byte for the state."""
        return {email: _VERDICT_OF_STATE[state] for email, state in (self.accounts or {}).items()}


@dataclass(frozen=True)
class Case:
    """A case: its uploads, each to a project of its own; `then` names a procedure of `procedures.py`."""

    number: int
    folder: Path
    title: str
    uploads: tuple[Upload, ...]
    settings: Mapping[str, Any]
    then: str = ""


def all_cases() -> list[Case]:
    """Every case, by number."""
    return [_case(folder) for folder in sorted(FILES.iterdir()) if folder.is_dir()]


def _case(folder: Path) -> Case:
    said = tomllib.loads((folder / "case.toml").read_text("utf-8"))
    if unknown := set(said) - {"title", "upload", "settings", "then"}:
        raise BrokenCase(f"{folder.name}: {unknown}")
    return Case(
        number=int(folder.name[:2]),
        folder=folder,
        title=said["title"],
        uploads=tuple(Upload.read(folder, upload) for upload in said.get("upload", ())),
        settings=said.get("settings", {}),
        then=said.get("then", ""),
    )


def _known(cls: type, said: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(said) - {field.name for field in fields(cls)}:
        raise BrokenCase(f"{cls.__name__} knows no {unknown}")
    return dict(said)


def huge_cell() -> bytes:
    """Three rows; the description of the second has two million characters."""
    return (
        b"email,description\nada@example.org,1\nbob@example.org,"
        + b"x" * 2_000_000
        + b"\ncy@example.org,Group 3\n"
    )


def no_line_end() -> bytes:
    """Five million bytes that could be a table, and no line end."""
    return b"AAAAAAAA," * 555_555


MADE = {"huge_cell": huge_cell, "no_line_end": no_line_end}
"""What is too large to be kept: it is made when it is needed."""
