"""Answers about staged rows."""

from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from pydantic import ConfigDict, Field

from schemas.codes import explain
from services.common.http import HexId
from services.importer.api.answers import Answer
from services.importer.domain.rows import Verdict


class DraftRowError(Answer):
    """What is wrong with a row, and what to do. `detail`: what exactly, where there is more to say."""

    code: str
    message: str
    detail: str
    hint: str
    can_retry: bool


class RowNoteAnswer(Answer):
    """Something repaired or odd in a row. `detail`: what it is about."""

    code: str
    message: str
    detail: str


class SuggestionAnswer(Answer):
    """A correction: `value` is what the address would become; rows with the same `like` have the same mistake."""

    code: str
    message: str
    value: str
    like: str


ROW_EXAMPLE: Final[dict[str, Any]] = {
    "row": 3,
    "line": 4,
    "email": "kim@example.orgg",
    "description": "Group 1",
    "verdict": "new",
    "duplicate_of": None,
    "confirmed": False,
    "notes": [],
    "suggestions": [],
    "account_uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
    "error": None,
}


class RowAnswer(Answer):
    """One staged row."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ROW_EXAMPLE]})

    row: int = Field(description="counted from 1, without blank ones")
    line: int = Field(description="where it begins in the file, as an editor counts")
    email: str
    description: str
    verdict: Verdict
    duplicate_of: int | None = Field(description="the row that has the same address")
    confirmed: bool
    notes: list[RowNoteAnswer]
    suggestions: list[SuggestionAnswer]
    account_uuid: HexId | None
    error: DraftRowError | None


class RowsAnswer(Answer):
    """A page of rows; `next` is the address of the following page."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [ROW_EXAMPLE], "next": None}]}
    )

    results: list[RowAnswer]
    next: str | None


def row_answer(row: asyncpg.Record) -> RowAnswer:
    """Show a staged row."""
    error = None
    if row["code"] is not None:
        known = explain(row["code"])
        error = DraftRowError(
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
