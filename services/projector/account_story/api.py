"""`/api/marketplace-course-accounts/{uuid}/history/`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.projector.account_story.answers import event_answer
from services.projector.account_story.query import story_of
from services.projector.accounts.answers import PATH
from services.projector.web.answers import json_answer, not_found, pool_of

_LAST = 2**63 - 1


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()

    @routes.get(f"{PATH}{{uuid}}/history/", dependencies=[Depends(staff_only)])
    async def history(
        request: Request,
        uuid: str,
        cursor: str | None = None,
        page_size: Annotated[int, Query(ge=1, le=1000)] = 300,
    ) -> Response:
        """Everything that happened to an account, in order: each event once, with who asked for it."""
        place = place_of(cursor, int)
        after = min(max(place[0], 0), _LAST) if place else 0
        events = await story_of(pool_of(request), parse_id(uuid), after=after, limit=page_size + 1)
        if events is None:
            raise not_found("There is no such account.")
        shown = events[:page_size]
        link = next_link(request, [shown[-1]["n"]]) if len(events) > page_size else None
        return json_answer({"results": [event_answer(event) for event in shown], "next": link})

    return routes
