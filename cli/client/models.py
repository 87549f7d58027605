"""Answers of the API as this client reads them; fields it does not know are ignored, missing ones have defaults.

`raw` bytes are kept beside what is read of them, so that `--json` hands on every field of a newer server.
"""

from typing import Literal

import msgspec

IfErred = Literal["retry", "leave"]
IfClosed = Literal["reopen", "leave"]


class Counts(msgspec.Struct, frozen=True):
    """How many rows of an import are in each class; `rows` is the sum of the others."""

    rows: int
    created: int = 0
    failed: int = 0
    pending: int = 0
    waiting: int = 0
    cancelled: int = 0
    closed: int = 0
    existing: int = 0
    duplicate: int = 0
    invalid: int = 0


class Waiting(msgspec.Struct, frozen=True):
    """Why rows wait; times are RFC 3339."""

    since: str | None = None
    reason: str | None = None
    next_attempt: str | None = None


class ImportStatus(msgspec.Struct, frozen=True):
    """The status of an import. `rate` in rows a second; `eta_seconds`, `poll_after` in seconds."""

    uuid: str
    state: str
    counts: Counts
    waiting: Waiting | None = None
    rate: float | None = None
    eta_seconds: float | None = None
    version: int = 0
    poll_after: float | None = None


class StatusAnswer(msgspec.Struct, frozen=True):
    """A status with the bytes it was read from and the validator to ask again with."""

    status: ImportStatus
    raw: bytes
    etag: str | None


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


class FileFault(msgspec.Struct, frozen=True):
    """Why a file cannot be imported."""

    code: str
    detail: str
    line: int | None = None


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


class RowError(msgspec.Struct, frozen=True):
    """Why a row did not become an account, and what to do."""

    code: str
    message: str = ""
    hint: str = ""


class Row(msgspec.Struct, frozen=True):
    """A row of a draft or of an import, as far as it is shown."""

    row: int
    line: int | None = None
    email: str | None = None
    class_: str | None = msgspec.field(name="class", default=None)
    verdict: str | None = None
    error: RowError | None = None
    notes: tuple[FileNote, ...] = ()


class Project(msgspec.Struct, frozen=True):
    """A project accounts can be asked for in."""

    uuid: str
    name: str
    slug: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Account(msgspec.Struct, frozen=True):
    """An account, as far as it is shown."""

    uuid: str
    email: str
    state: str
    username: str | None = None
    project_name: str | None = None
    error_message: str | None = None


class ProblemDocument(msgspec.Struct, frozen=True):
    """An error answer (RFC 9457)."""

    code: str | None = None
    title: str | None = None
    detail: str | None = None
    hint: str | None = None
    line: int | None = None
    errors: dict[str, list[str]] | None = None
