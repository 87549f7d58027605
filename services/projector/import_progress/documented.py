"""Answers about imports, for the API document: what `status.py` and `timeline.py` make."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from services.common.http.documented import answer_headers
from services.common.http.problem_answer import problems
from services.common.http.types import HexText
from services.projector.web.documented import ID, OTHER_ID, THIRD_ID, Answer, Next, Person, example

TAG: Final = "imports"

ImportState = Literal["running", "finished", "cancelling", "cancelled", "undoing", "undone"]
ImportSource = Literal["file", "paste", "api", "topic"]

EXAMPLE: Final = {
    "uuid": ID,
    "state": "running",
    "source": "file",
    "project_uuid": OTHER_ID,
    "created_by": THIRD_ID,
    "file": {"name": "course.csv", "bytes": 12345, "sha256": "9f86d081884c7d65" * 4},
    "submitted": "2026-09-01T08:00:00Z",
    "finished": None,
    "cancelled": None,
    "undo": None,
    "counts": {
        "rows": 300,
        "created": 270,
        "failed": 9,
        "pending": 4,
        "waiting": 6,
        "cancelled": 0,
        "closed": 0,
        "existing": 0,
        "duplicate": 5,
        "invalid": 6,
    },
    "waiting": {
        "since": "2026-09-01T08:00:03Z",
        "reason": "The account service cannot be reached.",
        "next_attempt": "2026-09-01T08:00:11Z",
    },
    "timeline": [{"at": "2026-09-01T08:00:00Z", "what": "submitted", "by": THIRD_ID}],
    "rate": 73.0,
    "eta_seconds": 1,
    "version": 571,
    "as_of_age": 0.2,
    "poll_after": 1,
}


class ImportFile(Answer):
    """The file that was uploaded."""

    name: str | None
    bytes: int | None
    sha256: str | None


class ImportCounts(Answer):
    """Every row is in exactly one class: `rows` is always the sum of the others."""

    rows: int
    created: int = Field(description="an account was made for this row")
    failed: int = Field(description="it has none, and why is in the rows")
    pending: int = Field(description="on its way")
    waiting: int = Field(description="another attempt follows by itself")
    cancelled: int = Field(description="not started, because somebody cancelled")
    closed: int = Field(description="the account was closed")
    existing: int = Field(description="the account was there, or another import made it")
    duplicate: int = Field(description="the file has the address twice: skipped")
    invalid: int = Field(description="skipped, and why is in the rows")


class ImportCancel(Answer):
    """Who cancelled it, when and why."""

    at: datetime
    by: Person | None
    reason: str
    last_row: int | None = Field(description="rows after this one were never asked for")


class ImportUndo(Answer):
    """Who took it back, when and why, and what became of its accounts."""

    at: datetime
    by: Person | None
    reason: str
    finished: datetime | None
    open: int = Field(description="to be closed still")
    closed: int
    kept: int = Field(description="left alone; the rows say why")
    failed: int = Field(description="could not be closed; the rows say why")


class ImportWaiting(Answer):
    """Why rows wait, since when, and when they are tried again."""

    since: datetime | None
    reason: str
    next_attempt: datetime | None = Field(description="null: any moment, or when is not known")


class ImportStep(Answer):
    """Something that happened to the import as a whole."""

    at: datetime
    what: Literal["submitted", "cancel_requested", "finished", "cancelled", "undo_started", "undone"]
    by: Person | None


class ImportStatus(Answer):
    """How far an import is. What stands behind `timeline` changes with time and is not part of the ETag."""

    model_config = example(EXAMPLE)

    uuid: HexText
    state: ImportState
    source: ImportSource
    project_uuid: HexText
    created_by: Person | None
    file: ImportFile | None
    submitted: datetime
    finished: datetime | None
    cancelled: ImportCancel | None
    undo: ImportUndo | None
    counts: ImportCounts
    waiting: ImportWaiting | None
    timeline: list[ImportStep]
    rate: float = Field(description="rows a second that become final")
    eta_seconds: int | None
    version: int = Field(description="rises with every fact about the import")
    as_of_age: float | None = Field(description="how many seconds old the answer may be")
    poll_after: int = Field(description="seconds after which asking again is worth it")


class ImportList(Answer):
    """Imports, the newest first."""

    model_config = example({"results": [EXAMPLE], "next": None})

    results: list[ImportStatus]
    next: Next


IMPORTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ImportList, "description": "A page of the imports that you may see."},
    **problems(400),
}
STATUS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": ImportStatus,
        "description": "The status.",
        "headers": answer_headers(ETag="what to send as If-None-Match", Cache_Control="no-cache"),
    },
    304: {"description": "Nothing has changed since the answer with the ETag that was sent."},
    **problems(400, 404),
}
