"""`GET /api/import-drafts/{uuid}/`, its rows, and its submission."""

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from schemas.facts import IfExists
from services.common.http import Problem, SignedIn, Writer
from services.common.http.auditing import tell_audit
from services.common.http.documented import answer_headers
from services.common.http.problem_answer import problems
from services.importer.api.accounts import Key
from services.importer.api.answers import DraftAnswer, draft_answer
from services.importer.api.deps import Parts
from services.importer.api.finding import own_draft, seen_draft
from services.importer.api.row_answers import RowsAnswer, row_answer
from services.importer.domain.rows import Verdict
from services.importer.domain.submission import Submit
from services.importer.submission.imports import SubmissionRefused

STATUS: Final[dict[str, Any]] = {
    "description": "The import, as its status is read.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ImportStatus"}}},
    "headers": answer_headers(
        Location="where the import's status is read",
        X_Read_Model="`behind`: the status is not up to date yet",
        Idempotent_Replayed="`true`: this request was sent before with this key, and nothing was done again",
    ),
}
"""The model is the projector's: whoever asks the status gets the same."""


class SubmitBody(BaseModel):
    """What a person decided after seeing the preview."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"preview_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}]
        },
    )

    preview_hash: str = Field(max_length=200, description="of the preview somebody saw")
    skip_invalid: bool = True
    if_erred: Literal["retry", "leave"] = "retry"
    if_closed: Literal["reopen", "leave"] = "reopen"


def drafts_router(parts: Parts) -> APIRouter:
    """Routes for one draft."""
    router = APIRouter(prefix="/api/import-drafts", tags=["import drafts"])

    @router.get("/{uuid}/", operation_id="read_draft", response_model=DraftAnswer, responses=problems(404))
    async def read(
        principal: SignedIn,
        uuid: UUID,
        if_erred: Literal["retry", "leave"] = "retry",
        if_closed: Literal["reopen", "leave"] = "reopen",
    ) -> DraftAnswer:
        """Read the preview and its counts.

        While the state is `reading`, ask again: the rows that are read already are there.
        """
        draft = await seen_draft(parts, principal, uuid)
        return draft_answer(draft, IfExists(erred=if_erred, closed=if_closed))

    @router.get(
        "/{uuid}/rows/",
        operation_id="list_draft_rows",
        response_model=RowsAnswer,
        responses=problems(400, 404),
    )
    async def rows(
        principal: SignedIn,
        uuid: UUID,
        verdict: Verdict | None = None,
        code: Annotated[str | None, Query(max_length=60)] = None,
        text: Annotated[str | None, Query(max_length=200)] = None,
        cursor: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        page_size: Annotated[int, Query(ge=1, le=300)] = 100,
    ) -> RowsAnswer:
        """List rows in order, a page at a time.

        All, of one verdict, with one code, with a text in a cell.
        """
        draft = await seen_draft(parts, principal, uuid)
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

    @router.post(
        "/{uuid}/submit/",
        status_code=202,
        operation_id="submit_draft",
        responses={202: STATUS, **problems(400, 404, 409, 412, 422)},
    )
    async def submit(
        request: Request, principal: Writer, uuid: UUID, body: SubmitBody, key: Key = None
    ) -> JSONResponse:
        """Make the draft an import.

        Answered when the import is on the log and can be read, or after two seconds.
        """
        draft = await own_draft(parts, principal, uuid)
        tell_audit(request, project_id=draft.project_id)
        command = Submit(
            preview_hash=body.preview_hash,
            skip_invalid=body.skip_invalid,
            choices=IfExists(erred=body.if_erred, closed=body.if_closed),
            key=key,
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
            headers["Idempotent-Replayed"] = "true"
            return JSONResponse(submitted.answer, 202, headers=headers)
        answer, seen = await parts.answers.first(submitted)
        if not seen:
            headers["X-Read-Model"] = "behind"
        return JSONResponse(answer, 202, headers=headers)

    return router
