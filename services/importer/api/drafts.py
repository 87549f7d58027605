"""`GET /api/import-drafts/{uuid}/`, its rows, and its submission."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from schemas.facts import IfExists
from services.common.access import Principal
from services.common.http import Problem, staff_only
from services.importer.api.answers import DraftAnswer, draft_answer
from services.importer.api.deps import Parts
from services.importer.api.row_answers import RowsAnswer, row_answer
from services.importer.domain.rows import Verdict
from services.importer.domain.submission import Submit
from services.importer.drafts.model import Draft
from services.importer.submission.imports import SubmissionRefused

Staff = Annotated[Principal, Depends(staff_only)]


class SubmitBody(BaseModel):
    """What a person decided after seeing the preview."""

    model_config = ConfigDict(extra="forbid")

    preview_hash: str = Field(max_length=200)
    skip_invalid: bool = True
    if_erred: Literal["retry", "leave"] = "retry"
    if_closed: Literal["reopen", "leave"] = "reopen"


def drafts_router(parts: Parts) -> APIRouter:
    """Routes for one draft."""
    router = APIRouter(prefix="/api/import-drafts", tags=["import drafts"])

    async def draft_of(uuid: UUID) -> Draft:
        draft = await parts.drafts.find(uuid)
        if draft is None:
            raise Problem(404, "NOT_FOUND", "There is no such draft.")
        return draft

    Found = Annotated[Draft, Depends(draft_of)]  # noqa: N806 - a type

    @router.get("/{uuid}/", response_model=DraftAnswer)
    async def read(
        _: Staff,
        draft: Found,
        if_erred: Literal["retry", "leave"] = "retry",
        if_closed: Literal["reopen", "leave"] = "reopen",
    ) -> DraftAnswer:
        """The preview and its counts."""
        return draft_answer(draft, IfExists(erred=if_erred, closed=if_closed))

    @router.get("/{uuid}/rows/", response_model=RowsAnswer)
    async def rows(
        _: Staff,
        draft: Found,
        verdict: Verdict | None = None,
        code: Annotated[str | None, Query(max_length=60)] = None,
        text: Annotated[str | None, Query(max_length=200)] = None,
        cursor: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        page_size: Annotated[int, Query(ge=1, le=300)] = 100,
    ) -> RowsAnswer:
        """Rows in order, a page at a time: all, of one verdict, with one code, with a text in a cell."""
        found = await parts.drafts.page(
            draft.draft_id, after=cursor, limit=page_size + 1, verdict=verdict, code=code, text=text
        )
        page = found[:page_size]
        following = None
        if len(found) > page_size:
            query: dict[str, str | int] = {"cursor": page[-1]["row"], "page_size": page_size}
            asked = {"verdict": verdict.value if verdict else None, "code": code, "text": text}
            query.update({name: value for name, value in asked.items() if value})
            following = f"/api/import-drafts/{draft.draft_id.hex}/rows/?{urlencode(query)}"
        return RowsAnswer(results=[row_answer(row) for row in page], next=following)

    @router.post("/{uuid}/submit/", status_code=202)
    async def submit(
        principal: Staff,
        uuid: UUID,
        body: SubmitBody,
        idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
    ) -> JSONResponse:
        """Make the draft an import. Answered when the import is on the log and can be read, or after 2 s."""
        command = Submit(
            preview_hash=body.preview_hash,
            skip_invalid=body.skip_invalid,
            choices=IfExists(erred=body.if_erred, closed=body.if_closed),
            key=idempotency_key,
        )
        headers = {"Location": f"/api/course-imports/{uuid.hex}/"}
        try:
            submitted = await parts.imports.submit(uuid, command, principal.user_id)
        except SubmissionRefused as error:
            why = error.refused
            raise Problem(
                why.status,
                why.code,
                why.detail,
                headers=headers if why.code == "ALREADY_SUBMITTED" else None,
            ) from None
        if submitted.answer is not None:
            headers["Idempotency-Replayed"] = "true"
            return JSONResponse(submitted.answer, 202, headers=headers)
        answer, seen = await parts.answers.first(submitted)
        if not seen:
            headers["X-Read-Model"] = "behind"
        return JSONResponse(answer, 202, headers=headers)

    return router
