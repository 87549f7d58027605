"""`/api/course-imports/`: the list, and the status endpoint."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.common.http.signin import internal_only
from services.projector.core.moments import moment
from services.projector.import_progress.query import ImportFilter, newest_imports
from services.projector.import_progress.status import status_of
from services.projector.import_progress.statuses import Statuses
from services.projector.push.watch import Watch
from services.projector.web.answers import json_answer, matches, not_found, pool_of

State = Literal["running", "finished", "cancelling", "cancelled", "undoing", "undone"]
Source = Literal["file", "paste", "api", "topic"]
MAX_WAIT_S = 30.0
_SCAN = 200
_MOST_SCANS = 10
"""A filter by state looks at up to 2,000 imports for one page; a page may then be short and still have a next."""


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()

    @routes.get("/api/course-imports/", dependencies=[Depends(staff_only)])
    async def imports(
        request: Request,
        project: Annotated[str | None, Query(max_length=36)] = None,
        state: Annotated[list[State] | None, Query()] = None,
        source: Annotated[list[Source] | None, Query()] = None,
        author: Annotated[str | None, Query(max_length=320)] = None,
        submitted_after: datetime | None = None,
        submitted_before: datetime | None = None,
        cursor: str | None = None,
        page_size: Annotated[int, Query(ge=1, le=_SCAN)] = 50,
    ) -> Response:
        """Imports, newest first: `submitted_after` counts from then on, `submitted_before` not; days begin in UTC."""
        only = ImportFilter(
            project_id=None if project is None else parse_id(project),
            sources=source,
            author=None if author is None else author.replace("\x00", ""),
            submitted_after=_instant(submitted_after),
            submitted_before=_instant(submitted_before),
        )
        found: list[Any] = []
        place = place_of(cursor, str, str)
        after = None if place is None else _place(place)
        for _ in range(_MOST_SCANS):
            totals = await newest_imports(
                pool_of(request),
                after,
                only,
                log_topic=request.app.state.log_topic,
                limit=_SCAN if state else page_size + 1,
            )
            more = len(totals) == (_SCAN if state else page_size + 1)
            for row in totals:
                if len(found) == page_size:
                    more = True
                    break
                after = (row["submitted"], row["import_id"])
                status = status_of(row, _now(request))
                if not state or status["state"] in state:
                    found.append(status)
            if not more or len(found) == page_size:
                break
        link = next_link(request, [after[0].isoformat(), after[1].hex]) if more and after else None
        return json_answer({"results": found, "next": link})

    @routes.get("/api/course-imports/{uuid}/", dependencies=[Depends(staff_only)])
    async def import_status(
        request: Request,
        uuid: str,
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 0.0,
        since: Annotated[int | None, Query(ge=0, le=MAX_INT)] = None,
    ) -> Response:
        """The status of one import: at once, or up to `wait` seconds later, as soon as it has news beyond `since`."""
        return await _status(request, parse_id(uuid), wait_s=wait, since=since)

    @routes.get(
        "/internal/imports/{uuid}/status/", dependencies=[Depends(internal_only)], include_in_schema=False
    )
    async def internal_status(request: Request, uuid: str) -> Response:
        """The same for the importer, which answers a submission with it."""
        return await _status(request, parse_id(uuid))

    return routes


async def _status(
    request: Request, import_id: UUID, *, wait_s: float = 0.0, since: int | None = None
) -> Response:
    statuses: Statuses = request.app.state.statuses
    status = await statuses.get(import_id)
    if status is not None and wait_s and since is not None and status.tag.version <= since:
        watch: Watch = request.app.state.watch
        if await watch.news(import_id, status.tag, within_s=wait_s):
            status = await statuses.get(import_id)
    if status is None:
        raise not_found("There is no such import (yet).")
    headers = {"ETag": status.etag, "Cache-Control": "no-cache"}
    if matches(request, status.etag):
        return Response(status_code=304, headers=headers)
    return Response(status.body, headers=headers, media_type="application/json")


def _instant(time: datetime | None) -> datetime | None:
    """A time without a zone is meant in UTC."""
    return None if time is None else moment(time if time.tzinfo else time.replace(tzinfo=UTC))


def _place(place: list[Any]) -> tuple[datetime, UUID]:
    try:
        time = datetime.fromisoformat(place[0])
    except ValueError:
        raise not_found("There is no such page.") from None
    if time.tzinfo is None:
        raise not_found("There is no such page.")
    return moment(time), parse_id(place[1])


def _now(request: Request) -> datetime:
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()
