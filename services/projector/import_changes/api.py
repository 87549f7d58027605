"""`/api/course-imports/{uuid}/events/`: progress and changed rows as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.projector.push.hub import Hub
from services.projector.push.response import Events
from services.projector.web.answers import not_found


def router() -> APIRouter:
    """The route of this read model."""
    routes = APIRouter()

    @routes.get("/api/course-imports/{uuid}/events/", dependencies=[Depends(staff_only)])
    async def events(
        request: Request,
        uuid: str,
        last_event_id: Annotated[int | None, Query(ge=0, le=MAX_INT)] = None,
    ) -> Response:
        """The status at once and with all news, and changed rows; from `Last-Event-ID` on, where that is possible."""
        hub: Hub = request.app.state.hub
        stream = await hub.subscribe(parse_id(uuid), _last(request, last_event_id))
        if stream is None:
            raise not_found("There is no such import (yet).")
        return Events(hub, stream)

    return routes


def _last(request: Request, asked: int | None) -> int | None:
    """The version the client was last told; one that is none of ours is one that never was."""
    sent = request.headers.get("last-event-id", "").strip()
    if not sent:
        return asked
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 12 else MAX_INT
