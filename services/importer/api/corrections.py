"""Changing a draft before it is submitted: read it again in another way, correct a row, apply a suggestion."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from schemas.codes import SUGGESTION_CODES
from schemas.facts import IfExists
from services.common.access import Principal
from services.common.http import Problem, Writer
from services.common.http.auditing import tell_audit
from services.common.http.problem_answer import problems
from services.importer.api.answers import EXAMPLE, Answer, DraftAnswer, draft_answer
from services.importer.api.choices import ChoicesBody
from services.importer.api.deps import Parts
from services.importer.api.finding import own_draft
from services.importer.api.row_answers import ROW_EXAMPLE, RowAnswer, row_answer
from services.importer.api.uploads import raise_rejected
from services.importer.domain.submission import not_now
from services.importer.drafts.copying import storable
from services.importer.drafts.editing import Fix, NoSuchRow, NotNow, TooManyRows

Row = Annotated[int, Path(ge=1, le=2**31 - 1)]

_MAX_CELL = 4_000
_MAX_ROWS = 5_000


class RowBody(BaseModel):
    """Other cells for a row; what is missing stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "ada@example.org"}]})

    email: str | None = Field(default=None, max_length=_MAX_CELL)
    description: str | None = Field(default=None, max_length=_MAX_CELL)


class FixBody(BaseModel):
    """A suggestion for all rows that have it; `like`: those with the same mistake; `rows`: only these."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"code": "USE_DOMAIN", "like": "gmial.com"}]}
    )

    code: str = Field(max_length=60)
    like: Annotated[str, AfterValidator(storable)] | None = Field(default=None, max_length=1_000)
    rows: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] | None = Field(
        default=None, min_length=1, max_length=_MAX_ROWS
    )


class CorrectedAnswer(Answer):
    """The row as it is now, and the preview it is part of."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"row": ROW_EXAMPLE, "draft": EXAMPLE}]}
    )

    row: RowAnswer
    draft: DraftAnswer


class FixedAnswer(Answer):
    """How many rows were changed, how many were added at the end, and whether there are more like these."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"changed": 12, "added": 0, "more": False, "draft": EXAMPLE}]},
    )

    changed: int
    added: int
    more: bool
    draft: DraftAnswer


def corrections_router(parts: Parts) -> APIRouter:
    """Routes that change a draft."""
    router = APIRouter(prefix="/api/import-drafts", tags=["import drafts"])

    async def own(request: Request, principal: Principal, uuid: UUID) -> None:
        draft = await own_draft(parts, principal, uuid)
        tell_audit(request, project_id=draft.project_id)

    @router.patch(
        "/{uuid}/",
        operation_id="read_draft_again",
        response_model=DraftAnswer,
        responses={
            202: {"model": DraftAnswer, "description": "The file is still being read: poll the draft."},
            **problems(400, 404, 409, 422),
        },
    )
    async def read_again(
        request: Request, principal: Writer, uuid: UUID, body: ChoicesBody, response: Response
    ) -> DraftAnswer:
        """Read the file again in another way.

        Corrections of rows are lost.
        """
        await own(request, principal, uuid)
        try:
            draft = await parts.editing.read_again(uuid, body.choices())
        except (NotNow, NoSuchRow) as error:
            raise _refused(error, "There is no such draft.") from None
        await parts.readings.resume(draft)
        stored = await parts.drafts.find(uuid) or draft
        raise_rejected(stored)
        response.status_code = 202 if stored.state == "reading" else 200
        return draft_answer(stored, IfExists())

    @router.patch(
        "/{uuid}/rows/{row}/",
        operation_id="correct_draft_row",
        response_model=CorrectedAnswer,
        responses=problems(400, 404, 409),
    )
    async def correct(
        request: Request, principal: Writer, uuid: UUID, row: Row, body: RowBody
    ) -> CorrectedAnswer:
        """Correct one row of a draft.

        It is judged anew, and so are rows with its old and its new address.
        """
        await own(request, principal, uuid)
        if body.email is None and body.description is None:
            sentence = "Send an e-mail address, a description, or both."
            raise Problem(400, "INVALID_REQUEST", sentence, errors={"email": [sentence]})
        try:
            draft = await parts.editing.correct(uuid, row, email=body.email, description=body.description)
        except (NotNow, NoSuchRow) as error:
            raise _refused(error, "There is no such row.") from None
        [found] = await parts.drafts.page(uuid, after=row - 1, limit=1)
        return CorrectedAnswer(row=row_answer(found), draft=draft_answer(draft, IfExists()))

    @router.post(
        "/{uuid}/fix/",
        operation_id="fix_draft_rows",
        response_model=FixedAnswer,
        responses=problems(400, 404, 409, 422),
    )
    async def fix(request: Request, principal: Writer, uuid: UUID, body: FixBody) -> FixedAnswer:
        """Apply one suggestion to all rows like it.

        Ask again while there are `more`.
        """
        await own(request, principal, uuid)
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
