"""`/api/marketplace-course-accounts/{uuid}/history/`."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.http import SignedIn
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.projector.account_story.answers import event_answer
from services.projector.account_story.documented import HISTORY
from services.projector.account_story.query import story_of
from services.projector.accounts.answers import PATH
from services.projector.accounts.documented import TAG
from services.projector.web.answers import json_answer, not_found, pool_of, sees
from services.projector.web.parameters import AccountId, Cursor


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()

    @routes.get(
        f"{PATH}{{uuid}}/history/", operation_id="read_account_history", tags=[TAG], responses=HISTORY
    )
    async def history(
        request: Request,
        uuid: AccountId,
        principal: SignedIn,
        cursor: Cursor = None,
        page_size: Annotated[int, Query(ge=1, le=1000, description="events on a page")] = 300,
    ) -> Response:
        """Read everything that happened to an account, in order: each event once, with who asked for it."""
        version, claims = place_of(cursor, int, int) or (0, 0)
        after = (_storable(version), _storable(claims))
        story = await story_of(pool_of(request), parse_id(uuid), after=after, limit=page_size + 1)
        if story is None or not sees(principal, story.project_id):
            raise not_found("There is no such account.")
        events = story.events
        shown = events[:page_size]
        link = (
            next_link(request, [shown[-1]["version"], shown[-1]["claims"]])
            if len(events) > page_size
            else None
        )
        return json_answer({"results": [event_answer(event) for event in shown], "next": link})

    return routes


def _storable(number: int) -> int:
    return min(max(number, 0), MAX_INT)
