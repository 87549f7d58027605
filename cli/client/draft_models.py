"""Answers about drafts, as this client reads them."""

from typing import Any

import msgspec


class Verdicts(msgspec.Struct, frozen=True):
    """What would become of the rows of a draft."""

    new: int = 0
    existing_ok: int = 0
    existing_pending: int = 0
    existing_erred: int = 0
    existing_closed: int = 0
    duplicate: int = 0
    invalid: int = 0


class FileNote(msgspec.Struct, frozen=True):
    """Something the reader of the file wants said."""

    message: str
    code: str = ""
    line: int | None = None


class SeenBefore(msgspec.Struct, frozen=True):
    """An earlier import of the same bytes."""

    uuid: str
    submitted: str | None = None
    created_by: str | None = None


class DraftFile(msgspec.Struct, frozen=True):
    """The uploaded file and how it was read; `bytes_read` moves while it is `reading`."""

    bytes: int = 0
    bytes_read: int = 0
    kind: str | None = None
    encoding: str | None = None
    encoding_guessed: bool = False
    delimiter: str | None = None
    headings: tuple[str, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    seen_before: SeenBefore | None = None


class Example(msgspec.Struct, frozen=True):
    """What a suggestion would do to one row."""

    row: int
    email: str
    value: str | None = None


class Offer(msgspec.Struct, frozen=True):
    """A suggestion for `count` rows that are alike."""

    code: str
    message: str
    like: str
    count: int
    example: Example | None = None


class Problem(msgspec.Struct, frozen=True):
    """What is wrong (kind `row`) or odd (kind `note`) with `count` rows."""

    code: str
    kind: str
    message: str
    hint: str
    count: int
    first_line: int | None = None
    suggestions: tuple[Offer, ...] = ()


class FileFault(msgspec.Struct, frozen=True):
    """Why a file cannot be imported."""

    code: str
    detail: str
    line: int | None = None
    choices: dict[str, Any] | None = None


class Draft(msgspec.Struct, frozen=True):
    """An upload being previewed."""

    uuid: str
    state: str
    preview_hash: str | None = None
    rows: int = 0
    blank: int = 0
    verdicts: Verdicts = Verdicts()
    notes: tuple[FileNote, ...] = ()
    error: FileFault | None = None
    file: DraftFile = DraftFile()
    problems: tuple[Problem, ...] = ()
