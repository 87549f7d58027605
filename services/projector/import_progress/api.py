"""`/api/course-imports/`: the list, and the status endpoint."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.access import Principal
from services.common.http import SignedIn
from services.common.http.addresses import parse_id
from services.common.http.cursors import id_of as id_of_place
from services.common.http.cursors import moment_of, next_link, place_of
from services.common.http.signin import internal_only
from services.projector.core.moments import moment
from services.projector.import_progress.documented import IMPORTS, STATUS, TAG, ImportSource, ImportState
from services.projector.import_progress.query import ImportFilter, newest_imports
from services.projector.import_progress.status import status_of
from services.projector.import_progress.statuses import Status, Statuses
from services.projector.push.watch import Watch
from services.projector.web.again import LOOK_AGAIN_S, Again
from services.projector.web.answers import id_of, json_answer, matches, not_found, pool_of, sees
from services.projector.web.parameters import Cursor, IdText, ImportId, Text

MAX_WAIT_S = 30.0
_SCAN = 200
_MOST_SCANS = 10
"""A filter by state looks at up to 2,000 imports for one page; a page may then be short and still have a next."""


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()

    @routes.get("/api/course-imports/", operation_id="list_imports", tags=[TAG], responses=IMPORTS)
    async def imports(
        request: Request,
        principal: SignedIn,
        project: Annotated[IdText | None, Query(description="only those of this project")] = None,
        state: Annotated[list[ImportState] | None, Query(max_length=20)] = None,
        source: Annotated[list[ImportSource] | None, Query(max_length=20)] = None,
        author: Text = None,
        submitted_after: Annotated[
            datetime | None, Query(description="then or later; UTC if no zone is named")
        ] = None,
        submitted_before: Annotated[
            datetime | None, Query(description="before then; UTC if no zone is named")
        ] = None,
        cursor: Cursor = None,
        page_size: Annotated[int, Query(ge=1, le=_SCAN, description="imports on a page")] = 50,
    ) -> Response:
        """List imports, the newest first.

        A page of a list by state may be short, also empty, and still have a next one.
        """
        only = ImportFilter(
            project_id=id_of("project", project),
            among=principal.projects,
            sources=source,
            author=author,
            submitted_after=_instant(submitted_after),
            submitted_before=_instant(submitted_before),
        )
        found: list[Any] = []
        place = place_of(cursor, str, str)
        after = None if place is None else (moment_of(place[0]), id_of_place(place[1]))
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

    @routes.get(
        "/api/course-imports/{uuid}/", operation_id="read_import_status", tags=[TAG], responses=STATUS
    )
    async def import_status(
        request: Request,
        uuid: ImportId,
        principal: SignedIn,
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S, description="seconds to wait for news")] = 0.0,
        since: Annotated[int | None, Query(ge=0, le=MAX_INT, description="the version that is known")] = None,
    ) -> Response:
        """Read how far an import is.

        At once, or with `since` up to `wait` seconds later, as soon as there is news beyond that version.
        """
        status = await _seen(request, parse_id(uuid), principal)
        if wait and since is not None and status.tag.version <= since:
            status = await _awaited(request, parse_id(uuid), status, within_s=wait)
        return _answer(request, status)

    @routes.get(
        "/internal/imports/{uuid}/status/", dependencies=[Depends(internal_only)], include_in_schema=False
    )
    async def internal_status(request: Request, uuid: str) -> Response:
        """The same for the importer, which answers a submission with it."""
        return _answer(request, await _seen(request, parse_id(uuid), None))

    return routes


async def _seen(request: Request, import_id: UUID, principal: Principal | None) -> Status:
    """The status of an import that somebody may see; None: one of our own services.

    Raises:
        Problem: 404, there is none (yet), or not for them.
    """
    statuses: Statuses = request.app.state.statuses
    status = await statuses.get(import_id)
    if status is None or not (principal is None or sees(principal, status.project_id)):
        raise not_found("There is no such import (yet).")
    return status


async def _awaited(request: Request, import_id: UUID, status: Status, *, within_s: float) -> Status:
    """The status as soon as it has news, else as it was; who waits for long must still be allowed to see it."""
    watch: Watch = request.app.state.watch
    again: Again = request.app.state.again
    clock = asyncio.get_running_loop().time
    until = clock() + within_s
    while (left := until - clock()) > 0:
        if await watch.news(import_id, status.tag, within_s=min(left, LOOK_AGAIN_S)):
            return await _seen(request, import_id, None)
        if left > LOOK_AGAIN_S and not sees(await again.ask(request), status.project_id):
            raise not_found("There is no such import (yet).")
    return status


def _answer(request: Request, status: Status) -> Response:
    headers = {"ETag": status.etag, "Cache-Control": "no-cache"}
    if matches(request, status.etag):
        return Response(status_code=304, headers=headers)
    return Response(status.body, headers=headers, media_type="application/json")


def _instant(time: datetime | None) -> datetime | None:
    """A time without a zone is meant in UTC."""
    return None if time is None else moment(time if time.tzinfo else time.replace(tzinfo=UTC))


def _now(request: Request) -> datetime:
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()
