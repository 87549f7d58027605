"""Changing a draft before it is submitted: read it again in another way, correct a row, apply a suggestion."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.codes import SUGGESTION_CODES
from schemas.facts import IfExists
from services.common.access import Principal
from services.common.http import Problem, staff_only
from services.importer.api.answers import DraftAnswer, draft_answer
from services.importer.api.choices import ChoicesBody
from services.importer.api.deps import Parts
from services.importer.api.row_answers import RowAnswer, row_answer
from services.importer.api.uploads import raise_rejected
from services.importer.domain.submission import not_now
from services.importer.drafts.editing import Fix, NoSuchRow, NotNow, TooManyRows

Staff = Annotated[Principal, Depends(staff_only)]
Row = Annotated[int, Path(ge=1, le=2**31 - 1)]

_MAX_CELL = 4_000
_MAX_ROWS = 5_000


class RowBody(BaseModel):
    """Other cells for a row; what is missing stays."""

    model_config = ConfigDict(extra="forbid")

    email: str | None = Field(default=None, max_length=_MAX_CELL)
    description: str | None = Field(default=None, max_length=_MAX_CELL)


class FixBody(BaseModel):
    """A suggestion for all rows that have it; `like`: those with the same mistake; `rows`: only these."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=60)
    like: str | None = Field(default=None, max_length=1_000)
    rows: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] | None = Field(
        default=None, min_length=1, max_length=_MAX_ROWS
    )


class CorrectedAnswer(BaseModel):
    """The row as it is now, and the preview it is part of."""

    row: RowAnswer
    draft: DraftAnswer


class FixedAnswer(BaseModel):
    """How many rows were changed, how many were added at the end, and whether there are more like these."""

    changed: int
    added: int
    more: bool
    draft: DraftAnswer


def corrections_router(parts: Parts) -> APIRouter:
    """Routes that change a draft."""
    router = APIRouter(prefix="/api/import-drafts", tags=["import drafts"])

    @router.patch("/{uuid}/", response_model=DraftAnswer)
    async def read_again(_: Staff, uuid: UUID, body: ChoicesBody, response: Response) -> DraftAnswer:
        """Read the file again with these choices; corrections of rows are lost."""
        try:
            draft = await parts.editing.read_again(uuid, body.choices())
        except (NotNow, NoSuchRow) as error:
            raise _refused(error, "There is no such draft.") from None
        await parts.readings.resume(draft)
        stored = await parts.drafts.find(uuid) or draft
        raise_rejected(stored)
        response.status_code = 202 if stored.state == "reading" else 200
        return draft_answer(stored, IfExists())

    @router.patch("/{uuid}/rows/{row}/", response_model=CorrectedAnswer)
    async def correct(_: Staff, uuid: UUID, row: Row, body: RowBody) -> CorrectedAnswer:
        """Correct one row; it is judged anew, and so are rows with its old and its new address."""
        if body.email is None and body.description is None:
            sentence = "Send an e-mail address, a description, or both."
            raise Problem(400, "INVALID_REQUEST", sentence, errors={"email": [sentence]})
        try:
            draft = await parts.editing.correct(uuid, row, email=body.email, description=body.description)
        except (NotNow, NoSuchRow) as error:
            raise _refused(error, "There is no such row.") from None
        [found] = await parts.drafts.page(uuid, after=row - 1, limit=1)
        return CorrectedAnswer(row=row_answer(found), draft=draft_answer(draft, IfExists()))

    @router.post("/{uuid}/fix/", response_model=FixedAnswer)
    async def fix(_: Staff, uuid: UUID, body: FixBody) -> FixedAnswer:
        """Apply one suggestion to all rows like it; ask again while there are `more`."""
        if body.code not in SUGGESTION_CODES:
            sentence = "There is no such suggestion."
            raise Problem(400, "INVALID_REQUEST", sentence, errors={"code": [sentence]})
        rows = None if body.rows is None else tuple(body.rows)
        try:
            fixed = await parts.editing.fix(uuid, Fix(body.code, body.like, rows))
        except (NotNow, NoSuchRow) as error:
            raise _refused(error, "There is no such draft.") from None
        except TooManyRows:
            raise Problem(
                422,
                "TOO_MANY_ROWS",
                f"With the added rows there would be more than {parts.settings.max_rows:,}. "
                "Split the file into several.",
            ) from None
        return FixedAnswer(
            changed=fixed.changed,
            added=fixed.added,
            more=fixed.more,
            draft=draft_answer(fixed.draft, IfExists()),
        )

    return router


def _refused(error: NotNow | NoSuchRow, nothing: str) -> Problem:
    if isinstance(error, NoSuchRow):
        return Problem(404, "NOT_FOUND", nothing)
    why = not_now(error.draft.state)
    return Problem(why.status, why.code, why.detail)
