"""Answers about drafts, exactly as api.md part 2 writes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from schemas.codes import explain
from schemas.facts import IfExists
from services.common.http import HexId
from services.common.http.types import HexText
from services.importer.domain.preview import to_create
from services.importer.domain.rows import Verdict
from services.importer.drafts.model import Draft
from services.importer.showing import person

DraftState = Literal["reading", "previewed", "rejected", "submitted", "expired"]
Source = Literal["file", "paste", "api", "topic"]


class Answer(BaseModel):
    """An answer as it is made, without a field more."""

    model_config = ConfigDict(extra="forbid")


class EncodingAnswer(Answer):
    """Another encoding the file may be in, with some of its text as it would be read."""

    encoding: str
    sample: str


class SeenBefore(Answer):
    """An earlier import of the same bytes into the same project."""

    uuid: HexText
    submitted: datetime
    created_by: str


class ColumnsShown(TypedDict, total=False):
    """Where the header and the columns are: only what is chosen. Places count from 0."""

    header_line: int
    email: int
    description: int


class ChoicesShown(TypedDict, total=False):
    """How a file is to be read: only what is chosen."""

    encoding: str
    delimiter: str
    columns: ColumnsShown


class FileAnswer(Answer):
    """The uploaded file, and how it was read. `places`: our name of a column → its place, from 0."""

    name: str | None
    bytes: int
    bytes_read: int
    sha256: str
    kind: str | None = None
    encoding: str | None = None
    encoding_guessed: bool = False
    encodings: list[EncodingAnswer] = []
    delimiter: str | None = None
    header_line: int | None = None
    headings: list[str] = []
    columns: dict[str, str] = {}
    places: dict[str, int] = {}
    ignored_columns: list[str] = []
    sample: list[list[str]] = []
    seen_before: SeenBefore | None = None


class NoteAnswer(Answer):
    """Something worth knowing about the file."""

    code: str
    message: str
    line: int | None = None


class FaultAnswer(Answer):
    """Why a file could not be read, and what may be chosen to read it after all (`PATCH` it back)."""

    code: str
    detail: str
    line: int | None = None
    choices: ChoicesShown | None = None


class ExampleAnswer(Answer):
    """What a suggestion would do to one row."""

    row: int
    email: str
    value: str | None


class OfferAnswer(Answer):
    """A suggestion for `count` rows that are alike: `POST …/fix/` {code, like}."""

    code: str
    message: str
    like: str
    count: int
    example: ExampleAnswer


class CauseAnswer(Answer):
    """What is wrong (`row`: why rows are not taken) or odd (`note`) with `count` rows."""

    code: str
    kind: Literal["row", "note"]
    message: str
    hint: str
    count: int
    first_row: int
    first_line: int
    suggestions: list[OfferAnswer]


class VerdictCounts(Answer):
    """Rows for each verdict."""

    new: int
    existing_ok: int
    existing_pending: int
    existing_erred: int
    existing_closed: int
    duplicate: int
    invalid: int


NO_VERDICTS: Final = {verdict.value: 0 for verdict in Verdict}
EXAMPLE: Final[dict[str, Any]] = {
    "uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
    "state": "previewed",
    "project_uuid": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "created": "2026-09-01T08:00:00Z",
    "created_by": "9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f",
    "expires": "2026-09-08T08:00:00Z",
    "source": "file",
    "file": {
        "name": "course.csv",
        "bytes": 12345,
        "bytes_read": 12345,
        "sha256": "9f86d081884c7d65" * 4,
        "kind": "text",
        "encoding": "windows-1252",
        "delimiter": ";",
        "header_line": 1,
        "headings": ["E-mail", "Note", "Phone"],
        "columns": {"email": "E-mail", "description": "Note"},
        "places": {"email": 0, "description": 1},
        "ignored_columns": ["Phone"],
    },
    "choices": {"encoding": "windows-1252"},
    "notes": [{"code": "BLANK_ROWS", "message": "2 rows are empty.", "line": None}],
    "error": None,
    "preview_hash": "60303ae22b998861" * 4,
    "rows": 300,
    "blank": 2,
    "to_create": 289,
    "verdicts": {**NO_VERDICTS, "new": 289, "duplicate": 5, "invalid": 6},
    "problems": [],
}


class DraftAnswer(Answer):
    """A draft with its preview."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    uuid: HexId
    state: DraftState
    project_uuid: HexId
    created: datetime
    created_by: str
    expires: datetime
    source: Source
    file: FileAnswer
    choices: ChoicesShown
    notes: list[NoteAnswer]
    error: FaultAnswer | None
    preview_hash: str | None = Field(description="what is submitted must be this preview")
    rows: int = Field(description="read so far, without blank ones")
    blank: int
    to_create: int = Field(description="accounts that would be made with the choices given")
    verdicts: VerdictCounts
    problems: list[CauseAnswer]


_COLUMNS: Final = ("header_line", "email", "description")


def choices_answer(flat: Mapping[str, Any]) -> ChoicesShown:
    """Choices as the API takes them: what is about columns sits together."""
    shown = {name: value for name in ("encoding", "delimiter") if (value := flat.get(name)) is not None}
    columns = {name: value for name in _COLUMNS if (value := flat.get(name)) is not None}
    return cast("ChoicesShown", {**shown, "columns": columns} if columns else shown)


def draft_answer(draft: Draft, choices: IfExists) -> DraftAnswer:
    """Show a draft; `to_create` follows the choices."""
    verdicts = {**NO_VERDICTS, **(draft.verdicts or {})}
    layout = dict(draft.layout or {})
    guessed, others = layout.pop("guessed", False), layout.pop("encodings", None) or []
    return DraftAnswer(
        uuid=draft.draft_id,
        state=draft.state,
        project_uuid=draft.project_id,
        created=draft.created_at,
        created_by=person(draft.created_by),
        expires=draft.expires_at,
        source=draft.source,
        file=FileAnswer(
            name=draft.file.name,
            bytes=draft.file.size,
            bytes_read=draft.bytes_read,
            sha256=draft.file.sha256.hex(),
            seen_before=draft.seen_before,
            encoding_guessed=guessed,
            encodings=[EncodingAnswer(encoding=name, sample=sample) for name, sample in others],
            **{name: value for name, value in layout.items() if name in FileAnswer.model_fields},
        ),
        choices=choices_answer({name: getattr(draft.choices, name) for name in draft.choices.__slots__}),
        notes=[NoteAnswer(**note) for note in draft.notes],
        error=fault_answer(draft.fault) if draft.fault else None,
        preview_hash=draft.preview_hash,
        rows=draft.rows,
        blank=draft.blank,
        to_create=to_create(verdicts, choices),
        verdicts=verdicts,
        problems=[_problem(problem) for problem in draft.problems],
    )


def fault_answer(fault: Mapping[str, Any]) -> FaultAnswer:
    """Show why a file could not be read."""
    flat = fault.get("choices")
    return FaultAnswer(
        code=fault["code"],
        detail=fault["detail"],
        line=fault["line"],
        choices=choices_answer(flat) if flat else None,
    )


def _problem(stored: Mapping[str, Any]) -> CauseAnswer:
    known = explain(stored["code"])
    offers = [OfferAnswer(message=explain(offer["code"]).message, **offer) for offer in stored["suggestions"]]
    return CauseAnswer(**{**stored, "message": known.message, "hint": known.hint, "suggestions": offers})
