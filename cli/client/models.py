"""Answers of the API as this client reads them; fields it does not know are ignored, missing ones have defaults.

`raw` bytes are kept beside what is read of them, so that `--json` hands on every field of a newer server.
"""

from typing import Any, Literal

import msgspec

from cli.client.draft_models import FileNote

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


class Undo(msgspec.Struct, frozen=True):
    """What an undo came to, in accounts: to be closed still, closed, left alone, could not be closed."""

    open: int = 0
    closed: int = 0
    kept: int = 0
    failed: int = 0


class File(msgspec.Struct, frozen=True):
    """The file an import was made from."""

    name: str | None = None


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
    source: str | None = None
    project_uuid: str | None = None
    created_by: str | None = None
    submitted: str | None = None
    file: File | None = None
    undo: Undo | None = None


class StatusAnswer(msgspec.Struct, frozen=True):
    """A status with the bytes it was read from and the validator to ask again with."""

    status: ImportStatus
    raw: bytes
    etag: str | None


class RowError(msgspec.Struct, frozen=True):
    """Why a row did not become an account, and what to do; `detail`: what exactly is wrong."""

    code: str
    message: str = ""
    hint: str = ""
    detail: str = ""


class RowClosing(msgspec.Struct, frozen=True):
    """How closing the account went: `outcome` is open, kept or failed."""

    outcome: str
    code: str | None = None
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
    closing: RowClosing | None = None
    revision: int = 0


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
    phase: str | None = None


class ProblemDocument(msgspec.Struct, frozen=True):
    """An error answer (RFC 9457)."""

    code: str | None = None
    title: str | None = None
    detail: str | None = None
    hint: str | None = None
    line: int | None = None
    draft: str | None = None
    choices: dict[str, Any] | None = None
    errors: dict[str, list[str]] | None = None
