"""Answers about drafts, exactly as api.md part 2 writes them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from schemas.codes import explain
from schemas.facts import IfExists
from services.common.http import HexId
from services.importer.domain.preview import to_create
from services.importer.domain.rows import Verdict
from services.importer.drafts.model import Draft


class FileAnswer(BaseModel):
    """The uploaded file, and how it was read."""

    name: str | None
    bytes: int
    sha256: str
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    columns: dict[str, str] = {}
    ignored_columns: list[str] = []
    seen_before: dict[str, Any] | None = None


class NoteAnswer(BaseModel):
    """Something worth knowing about the file."""

    code: str
    message: str
    line: int | None = None


class FaultAnswer(BaseModel):
    """Why a file could not be read."""

    code: str
    detail: str
    line: int | None = None


class DraftAnswer(BaseModel):
    """A draft with its preview."""

    uuid: HexId
    state: Literal["reading", "previewed", "rejected", "submitted", "expired"]
    project_uuid: HexId
    created: datetime
    created_by: str
    expires: datetime
    file: FileAnswer
    notes: list[NoteAnswer]
    error: FaultAnswer | None
    preview_hash: str | None
    rows: int
    blank: int
    to_create: int
    verdicts: dict[str, int]


class ErrorAnswer(BaseModel):
    """What is wrong with a row, and what to do."""

    code: str
    message: str
    hint: str
    can_retry: bool


class RowAnswer(BaseModel):
    """One staged row."""

    row: int
    line: int
    email: str
    description: str
    verdict: Verdict
    duplicate_of: int | None
    notes: list[NoteAnswer] = []
    suggestions: list[dict[str, Any]] = []
    account_uuid: HexId | None
    error: ErrorAnswer | None


class RowsAnswer(BaseModel):
    """A page of rows; `next` is the address of the following page."""

    results: list[RowAnswer]
    next: str | None


_NO_VERDICTS = {verdict.value: 0 for verdict in Verdict}


def draft_answer(draft: Draft, choices: IfExists) -> DraftAnswer:
    """Show a draft; `to_create` follows the choices."""
    verdicts = {**_NO_VERDICTS, **(draft.verdicts or {})}
    return DraftAnswer(
        uuid=draft.draft_id,
        state=draft.state,
        project_uuid=draft.project_id,
        created=draft.created_at,
        created_by=draft.created_by,
        expires=draft.expires_at,
        file=FileAnswer(
            name=draft.file.name,
            bytes=draft.file.size,
            sha256=draft.file.sha256.hex(),
            seen_before=draft.seen_before,
            **(draft.layout or {}),
        ),
        notes=[NoteAnswer(**note) for note in draft.notes],
        error=FaultAnswer(**draft.fault) if draft.fault else None,
        preview_hash=draft.preview_hash,
        rows=draft.rows,
        blank=draft.blank,
        to_create=to_create(verdicts, choices),
        verdicts=verdicts,
    )


def row_answer(row: asyncpg.Record) -> RowAnswer:
    """Show a staged row."""
    error = None
    if row["code"] is not None:
        known = explain(row["code"])
        error = ErrorAnswer(
            code=known.code, message=known.message, hint=known.hint, can_retry=known.can_retry
        )
    account: UUID | None = row["account_id"]
    return RowAnswer(
        row=row["row"],
        line=row["line"],
        email=row["email"],
        description=row["description"],
        verdict=row["verdict"],
        duplicate_of=row["duplicate_of"],
        account_uuid=account,
        error=error,
    )
