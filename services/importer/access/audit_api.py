"""`/api/audit/`: who did what, for staff."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, AwareDatetime

from services.common.database import Pool
from services.common.http import HexId, Staff
from services.common.http.cursors import is_ours, next_link, place_of
from services.common.http.problem_answer import problems
from services.importer.access.models import AuditAnswer, UserId
from services.importer.access.trail import Wanted, page_of

Word = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._~/-]{1,100}$")]


def _of_our_time(moment: datetime | None) -> datetime | None:
    if moment is not None and not is_ours(moment):
        raise ValueError("write a moment between 1970 and 9000")
    return moment


Moment = Annotated[AwareDatetime | None, AfterValidator(_of_our_time)]


def audit_router(pool: Pool) -> APIRouter:
    """The route of the audit trail."""
    router = APIRouter(prefix="/api/audit", tags=["access"])

    @router.get("/", operation_id="list_audit", response_model=AuditAnswer, responses=problems(400))
    async def listed(
        request: Request,
        _: Staff,
        user: UserId | None = None,
        action: Word = None,
        object_: Annotated[Word, Query(alias="object")] = None,
        project: HexId | None = None,
        after: Moment = None,
        before: Moment = None,
        cursor: Annotated[str | None, Query(max_length=2000)] = None,
        page_size: Annotated[int, Query(ge=1, le=300)] = 100,
    ) -> dict[str, Any]:
        """List who did what, the newest first: by user, by action, by what it was about, by time."""
        place = place_of(cursor, int)
        wanted = Wanted(user, action, _spelled(object_), project, after, before)
        rows = await page_of(pool, wanted, below=place[0] if place else None, limit=page_size + 1)
        link = next_link(request, [rows[page_size - 1]["audit_id"]]) if len(rows) > page_size else None
        return {"results": [_entry(row) for row in rows[:page_size]], "next": link}

    return router


def _spelled(object_id: str | None) -> str | None:
    """An id as the trail spells it."""
    try:
        return UUID(object_id).hex if object_id is not None else None
    except ValueError:
        return object_id


def _entry(row: Any) -> dict[str, Any]:
    return {
        "number": row["audit_id"],
        "time": row["at"],
        "user_id": row["user_id"],
        "staff": row["staff"],
        "credential": row["credential"],
        "service": row["service"],
        "action": row["action"],
        "objects": row["objects"],
        "project_uuid": row["project_id"],
        "status": row["status"],
        "request_id": row["request_id"],
    }
