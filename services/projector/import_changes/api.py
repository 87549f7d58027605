"""`/api/course-imports/{uuid}/events/`: progress and changed rows as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.http import SignedIn
from services.common.http.addresses import parse_id
from services.projector.import_changes.documented import EVENTS
from services.projector.import_progress.documented import TAG
from services.projector.import_progress.statuses import Statuses
from services.projector.push.guard import Guard
from services.projector.push.hub import Hub
from services.projector.push.response import Events
from services.projector.web.answers import not_found, sees
from services.projector.web.parameters import ImportId


def router() -> APIRouter:
    """The route of this read model."""
    routes = APIRouter()

    @routes.get(
        "/api/course-imports/{uuid}/events/",
        operation_id="follow_import",
        tags=[TAG],
        responses=EVENTS,
        response_class=Response,
    )
    async def events(
        request: Request,
        uuid: ImportId,
        principal: SignedIn,
        last_event_id: Annotated[
            int | None, Query(ge=0, le=MAX_INT, description="the version that the client was last told")
        ] = None,
        sent: Annotated[
            str | None, Header(alias="Last-Event-ID", description="the same, and counts more")
        ] = None,
    ) -> Response:
        """Follow an import: its status at once and with all news, and changed rows.

        After a break the stream goes on from the version that was told last, where that is possible.
        """
        import_id = parse_id(uuid)
        statuses: Statuses = request.app.state.statuses
        status = await statuses.get(import_id)
        if status is None or not sees(principal, status.project_id):
            raise not_found("There is no such import (yet).")
        hub: Hub = request.app.state.hub
        stream = await hub.subscribe(import_id, _last(sent, last_event_id))
        if stream is None:
            raise not_found("There is no such import (yet).")
        guard: Guard = request.app.state.guard
        guard.watch(stream, request, status.project_id)
        return Events(hub, stream)

    return routes


def _last(header: str | None, asked: int | None) -> int | None:
    """The version the client was last told; one that is none of ours is one that never was."""
    sent = (header or "").strip()
    if not sent:
        return asked
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 12 else MAX_INT
