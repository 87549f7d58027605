"""Answers about staged rows."""

from uuid import UUID

import asyncpg
import orjson
from pydantic import BaseModel

from schemas.codes import explain
from services.common.http import HexId
from services.importer.domain.rows import Verdict


class ErrorAnswer(BaseModel):
    """What is wrong with a row, and what to do. `detail`: what exactly, where there is more to say."""

    code: str
    message: str
    detail: str
    hint: str
    can_retry: bool


class RowNoteAnswer(BaseModel):
    """Something repaired or odd in a row. `detail`: what it is about."""

    code: str
    message: str
    detail: str


class SuggestionAnswer(BaseModel):
    """A correction: `value` is what the address would become; rows with the same `like` have the same mistake."""

    code: str
    message: str
    value: str
    like: str


class RowAnswer(BaseModel):
    """One staged row."""

    row: int
    line: int
    email: str
    description: str
    verdict: Verdict
    duplicate_of: int | None
    confirmed: bool
    notes: list[RowNoteAnswer] = []
    suggestions: list[SuggestionAnswer] = []
    account_uuid: HexId | None
    error: ErrorAnswer | None


class RowsAnswer(BaseModel):
    """A page of rows; `next` is the address of the following page."""

    results: list[RowAnswer]
    next: str | None


def row_answer(row: asyncpg.Record) -> RowAnswer:
    """Show a staged row."""
    error = None
    if row["code"] is not None:
        known = explain(row["code"])
        error = ErrorAnswer(
            code=known.code,
            message=known.message,
            detail=row["detail"] or "",
            hint=known.hint,
            can_retry=known.can_retry,
        )
    account: UUID | None = row["account_id"]
    return RowAnswer(
        row=row["row"],
        line=row["line"],
        email=row["email"],
        description=row["description"],
        verdict=row["verdict"],
        duplicate_of=row["duplicate_of"],
        confirmed=row["confirmed"],
        notes=[
            RowNoteAnswer(code=note["code"], message=explain(note["code"]).message, detail=note["detail"])
            for note in orjson.loads(row["notes"] or "[]")
        ],
        suggestions=[
            SuggestionAnswer(message=explain(suggestion["code"]).message, **suggestion)
            for suggestion in orjson.loads(row["suggestions"] or "[]")
        ],
        account_uuid=account,
        error=error,
    )
