"""`/api/unclosed-accounts/`: what should be closed but is not, the oldest first."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from schemas.codes import explain
from services.common.http import Problem, staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.provisioner.courses.report import Report, Unclosed

PATH = "/api/unclosed-accounts"


def unclosed_router(report: Report) -> APIRouter:
    """The route of the report."""
    router = APIRouter(prefix=PATH, tags=["accounts"], dependencies=[Depends(staff_only)])

    @router.get("/")
    async def unclosed(
        request: Request,
        project: UUID | None = None,
        cursor: Annotated[str | None, Query(max_length=2000)] = None,
        page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> JSONResponse:
        """Accounts that are being closed or could not be, and those of ended courses nobody asked to close yet."""
        place = place_of(cursor, str, str)
        after = None if place is None else (_moment(place[0]), parse_id(place[1]))
        found = await report.page(project, after, limit=page_size + 1)
        shown, link = found[:page_size], None
        if len(found) > page_size:
            link = next_link(request, [shown[-1].since.isoformat(), shown[-1].account_id.hex])
        return JSONResponse(
            {"results": list(map(_answer, shown)), "next": link, "total": await report.total(project)}
        )

    return router


def _answer(one: Unclosed) -> dict[str, Any]:
    why = None if one.code is None else explain(one.code)
    return {
        "account_uuid": one.account_id.hex,
        "project_uuid": one.project_id.hex,
        "project_name": one.project_name,
        "state": one.state,
        "cause": one.cause,
        "since": _text(one.since),
        "attempts": one.attempts,
        "error": None if why is None else {"code": why.code, "message": why.message, "hint": why.hint},
        "next_attempt": None if one.next_attempt_at is None else _text(one.next_attempt_at),
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Problem(
            400,
            "INVALID_REQUEST",
            "The request is not as documented.",
            errors={"cursor": ["This is no cursor of ours: begin without one."]},
        )
    return moment
