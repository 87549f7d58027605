"""`/api/unclosed-accounts/`: what should be closed but is not, the oldest first."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from schemas.codes import explain
from services.common.access import Principal
from services.common.http import SignedIn
from services.common.http.cursors import id_of, moment_of, next_link, place_of
from services.common.http.problem_answer import problems
from services.provisioner.api.answers import utc
from services.provisioner.api.parameters import Cursor
from services.provisioner.api.unclosed_models import UnclosedAccounts
from services.provisioner.courses.report import Report, Unclosed

PATH = "/api/unclosed-accounts"


def unclosed_router(report: Report) -> APIRouter:
    """The route of the report."""
    router = APIRouter(prefix=PATH, tags=["course accounts"])

    @router.get(
        "/",
        operation_id="list_unclosed_accounts",
        summary="Accounts that should be closed and are not",
        response_model=UnclosedAccounts,
        responses=problems(400),
    )
    async def unclosed(
        request: Request,
        who: SignedIn,
        project: Annotated[UUID | None, Query(description="of this course only")] = None,
        cursor: Cursor = None,
        page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> JSONResponse:
        """Those that are being closed or could not be, and those of ended courses nobody asked to close yet."""
        place = place_of(cursor, str, str)
        after = None if place is None else (moment_of(place[0]), id_of(place[1]))
        projects = _projects(who, project)
        found = await report.page(projects, after, limit=page_size + 1)
        shown, link = found[:page_size], None
        if len(found) > page_size:
            link = next_link(request, [shown[-1].since.isoformat(), shown[-1].account_id.hex])
        return JSONResponse(
            {
                "results": list(map(unclosed_answer, shown)),
                "next": link,
                "total": await report.total(projects),
            }
        )

    return router


def unclosed_answer(one: Unclosed) -> dict[str, Any]:
    """One account of the report."""
    why = None if one.code is None else explain(one.code)
    return {
        "account_uuid": one.account_id.hex,
        "project_uuid": one.project_id.hex,
        "project_name": one.project_name,
        "state": one.state,
        "cause": one.cause,
        "since": utc(one.since),
        "attempts": one.attempts,
        "error": None if why is None else {"code": why.code, "message": why.message, "hint": why.hint},
        "next_attempt": utc(one.next_attempt_at),
    }


def _projects(who: Principal, wanted: UUID | None) -> list[UUID] | None:
    """The projects to look into: those that are visible, or of them the one that is wanted."""
    if wanted is None:
        return who.projects
    return [wanted] if who.sees(wanted) else []
