"""Answers about drafts, exactly as api.md part 2 writes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel

from schemas.codes import explain
from schemas.facts import IfExists
from services.common.http import HexId
from services.importer.domain.preview import to_create
from services.importer.domain.rows import Verdict
from services.importer.drafts.model import Draft


class EncodingAnswer(BaseModel):
    """Another encoding the file may be in, with some of its text as it would be read."""

    encoding: str
    sample: str


class FileAnswer(BaseModel):
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
    seen_before: dict[str, Any] | None = None


class NoteAnswer(BaseModel):
    """Something worth knowing about the file."""

    code: str
    message: str
    line: int | None = None


class FaultAnswer(BaseModel):
    """Why a file could not be read, and what may be chosen to read it after all (`PATCH` it back)."""

    code: str
    detail: str
    line: int | None = None
    choices: dict[str, Any] | None = None


class ExampleAnswer(BaseModel):
    """What a suggestion would do to one row."""

    row: int
    email: str
    value: str | None


class OfferAnswer(BaseModel):
    """A suggestion for `count` rows that are alike: `POST …/fix/` {code, like}."""

    code: str
    message: str
    like: str
    count: int
    example: ExampleAnswer


class ProblemAnswer(BaseModel):
    """What is wrong (`row`: why rows are not taken) or odd (`note`) with `count` rows."""

    code: str
    kind: Literal["row", "note"]
    message: str
    hint: str
    count: int
    first_row: int
    first_line: int
    suggestions: list[OfferAnswer]


class DraftAnswer(BaseModel):
    """A draft with its preview."""

    uuid: HexId
    state: Literal["reading", "previewed", "rejected", "submitted", "expired"]
    project_uuid: HexId
    created: datetime
    created_by: str
    expires: datetime
    source: Literal["file", "paste", "api", "topic"]
    file: FileAnswer
    choices: dict[str, Any]
    notes: list[NoteAnswer]
    error: FaultAnswer | None
    preview_hash: str | None
    rows: int
    blank: int
    to_create: int
    verdicts: dict[str, int]
    problems: list[ProblemAnswer]


_NO_VERDICTS = {verdict.value: 0 for verdict in Verdict}
_COLUMNS: Final = ("header_line", "email", "description")


def choices_answer(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Choices as the API takes them: what is about columns sits together."""
    shown = {name: value for name in ("encoding", "delimiter") if (value := flat.get(name)) is not None}
    columns = {name: value for name in _COLUMNS if (value := flat.get(name)) is not None}
    return {**shown, "columns": columns} if columns else shown


def draft_answer(draft: Draft, choices: IfExists) -> DraftAnswer:
    """Show a draft; `to_create` follows the choices."""
    verdicts = {**_NO_VERDICTS, **(draft.verdicts or {})}
    layout = dict(draft.layout or {})
    guessed, others = layout.pop("guessed", False), layout.pop("encodings", None) or []
    return DraftAnswer(
        uuid=draft.draft_id,
        state=draft.state,
        project_uuid=draft.project_id,
        created=draft.created_at,
        created_by=draft.created_by,
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
            **layout,
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


def _problem(stored: Mapping[str, Any]) -> ProblemAnswer:
    known = explain(stored["code"])
    offers = [OfferAnswer(message=explain(offer["code"]).message, **offer) for offer in stored["suggestions"]]
    return ProblemAnswer(**{**stored, "message": known.message, "hint": known.hint, "suggestions": offers})
