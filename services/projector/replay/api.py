"""`/api/replays/`: sets built again from the log. For staff."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.access import Principal
from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.common.http.bodies import Reason, read_body, storable
from services.common.http.body_schema import json_body
from services.common.http.cursors import id_of, moment_of, next_link, place_of
from services.projector.core.moments import moment
from services.projector.replay import store
from services.projector.replay.answers import actions_answer, replay_answer, set_answer
from services.projector.replay.commands import Replays, Wish
from services.projector.replay.documented import ASKED, COMMANDED, LIST, ONE, SWAPPED
from services.projector.replay.model import Kind
from services.projector.sets.catalog import known_sets
from services.projector.web.answers import bad_request, json_answer, pool_of
from services.projector.web.parameters import Cursor, ReplayId

_MOST_BYTES = 64 * 1024
_MOST_PLACES = 1000

Operator = Annotated[Principal, Depends(staff_only)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Offset = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The next offset in one partition."""

    topic: Annotated[str, msgspec.Meta(max_length=249)]
    partition: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    next_offset: Offset


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A replay to make. Only a scratch set has an end or a project."""

    kind: Kind
    edition: Name | None = None
    project: UUID | None = None
    import_: UUID | None = msgspec.field(default=None, name="import")
    until: datetime | None = None
    until_offsets: Annotated[list[Place], msgspec.Meta(max_length=_MOST_PLACES)] | None = None
    reason: Reason = ""


class Swapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether another set may answer although it says something else."""

    accept_differences: bool = False


_ASKED = msgspec.json.Decoder(Asked)
_SWAPPING = msgspec.json.Decoder(Swapping)
_TOO_LARGE = "The body of this request is at most 64 KiB."
_ASKED_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": msgspec.json.schema(Asked),
                "example": {"kind": "build", "reason": "After the change of the counts."},
            }
        },
    }
}
_SWAPPING_BODY = json_body(Swapping, example={"accept_differences": False}, required=False)


def router(replays: Replays) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/replays", tags=["replays"])

    @routes.get("/", operation_id="list_replays", responses=LIST, dependencies=[Depends(staff_only)])
    async def listed(
        request: Request,
        cursor: Cursor = None,
        page_size: Annotated[int, Query(ge=1, le=100, description="replays on a page")] = 20,
    ) -> Response:
        """List replays, the newest first, and the sets there are."""
        place = place_of(cursor, str, str)
        pool = pool_of(request)
        page = await store.newest(
            pool, None if place is None else (moment_of(place[0]), id_of(place[1])), limit=page_size + 1
        )
        shown = page[:page_size]
        link = None
        if len(page) > page_size:
            link = next_link(request, [shown[-1].asked_at.isoformat(), shown[-1].replay_id.hex])
        sets = [set_answer(known) for known in await known_sets(pool)]
        listed = [{**replay_answer(one), "comparison": None} for one in shown]
        return json_answer({"results": listed, "next": link, "sets": sets})

    @routes.post(
        "/", status_code=202, operation_id="ask_for_replay", responses=ASKED, openapi_extra=_ASKED_BODY
    )
    async def ask(request: Request, operator: Operator) -> Response:
        """Build a set from the log."""
        body = await read_body(request, _ASKED, most_bytes=_MOST_BYTES, too_large=_TOO_LARGE)
        if body.kind is not Kind.SCRATCH and (
            body.project or body.import_ or body.until or body.until_offsets
        ):
            raise bad_request("kind", "Only a scratch set is of one project, or ends before the log does.")
        if body.project and body.import_:
            raise bad_request("import", "Name a project or an import, not both.")
        if body.until is not None and (body.until_offsets is not None or body.until.tzinfo is None):
            raise bad_request("until", "Say a time with its zone, or offsets.")
        if body.until is not None and moment(body.until) != body.until:
            raise bad_request("until", "Say a time of this age.")
        wish = Wish(
            kind=body.kind,
            edition=body.edition,
            project_id=body.project,
            import_id=body.import_,
            until_time=body.until,
            until_offsets=None
            if body.until_offsets is None
            else [(p.topic, p.partition, p.next_offset) for p in body.until_offsets],
            reason=storable(body.reason),
        )
        return json_answer(replay_answer(await replays.ask(wish, author=operator.user_id)), status=202)

    @routes.get("/{uuid}/", operation_id="read_replay", responses=ONE, dependencies=[Depends(staff_only)])
    async def one(request: Request, uuid: ReplayId) -> Response:
        """Read one replay, with its comparison and with who did what."""
        replay = await replays.one(parse_id(uuid))
        actions = actions_answer(await store.actions_of(pool_of(request), replay.replay_id))
        return json_answer({**replay_answer(replay), "actions": actions})

    @routes.post("/{uuid}/cancel/", operation_id="cancel_replay", responses=COMMANDED)
    async def cancel(uuid: ReplayId, operator: Operator) -> Response:
        """Stop the reading and drop what was read."""
        return json_answer(replay_answer(await replays.cancel(parse_id(uuid), author=operator.user_id)))

    @routes.post("/{uuid}/compare/", operation_id="compare_replay", responses=COMMANDED)
    async def compare(uuid: ReplayId, _: Operator) -> Response:
        """Compare it with the set that answers again, now."""
        return json_answer(replay_answer(await replays.compare(parse_id(uuid))))

    @routes.post("/{uuid}/swap/", operation_id="swap_replay", responses=SWAPPED, openapi_extra=_SWAPPING_BODY)
    async def swap(request: Request, uuid: ReplayId, operator: Operator) -> Response:
        """Let the new set answer in place of the one that does."""
        body = await read_body(request, _SWAPPING, most_bytes=_MOST_BYTES, too_large=_TOO_LARGE)
        replay = await replays.swap(
            parse_id(uuid), author=operator.user_id, accept_differences=body.accept_differences
        )
        return json_answer(replay_answer(replay))

    @routes.post("/{uuid}/roll-back/", operation_id="roll_back_replay", responses=COMMANDED)
    async def roll_back(uuid: ReplayId, operator: Operator) -> Response:
        """Let the set that answered before answer again."""
        return json_answer(replay_answer(await replays.roll_back(parse_id(uuid), author=operator.user_id)))

    @routes.post("/{uuid}/clean-up/", operation_id="clean_up_replay", responses=COMMANDED)
    async def clean_up(uuid: ReplayId, operator: Operator) -> Response:
        """Drop the set that is no longer needed."""
        return json_answer(replay_answer(await replays.clean_up(parse_id(uuid), author=operator.user_id)))

    return routes
