"""`/api/parked/{service}/`: looking at records nobody could read, and orders about them. For staff only."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from services.common.access import Principal
from services.common.http import Problem, Staff, staff_only
from services.common.http.auditing import tell_audit
from services.common.http.bodies import read_body, storable
from services.common.http.body_schema import json_body
from services.common.http.cursors import moment_of, next_link, none_of_ours, place_of
from services.common.http.documented import answer_headers
from services.common.http.problem_answer import problems
from services.common.parked import looking
from services.common.parked.answers import (
    cause_answer,
    counted_answer,
    opened_answer,
    record_answer,
)
from services.common.parked.api_jobs import PageSize, add_job_routes, ordered
from services.common.parked.api_parameters import TOO_LARGE, Codes, Cursor, Key, OrderBody, States, Topic
from services.common.parked.asking import Enquiries
from services.common.parked.job_models import ORDER, ParkedCounted, ParkedOrdered
from services.common.parked.jobs import NotThere, count
from services.common.parked.looking import Before
from services.common.parked.model import Place
from services.common.parked.models import ParkedRecordOpened, ParkedRecords
from services.common.parked.orders import Action, ParkedOrder, under

_MOST_BYTES = 512 * 1024
_BODY = msgspec.json.Decoder(OrderBody)


def parked_router(ask: Enquiries) -> APIRouter:
    """The routes of one service."""
    router = APIRouter(prefix=ask.path.rstrip("/"), tags=["parked records"])
    of = f"parked_{ask.service}"
    order: dict[str, Any] = {
        "status_code": 202,
        "response_model": ParkedOrdered,
        "responses": {
            202: {"headers": answer_headers(Location="the job")},
            200: {"model": ParkedCounted, "description": "with `dry_run`"},
            **problems(400, 404, 413),
        },
        "openapi_extra": json_body(OrderBody, example=ORDER),
    }

    @router.get(
        "/",
        dependencies=[Depends(staff_only)],
        operation_id=f"list_{of}",
        response_model=ParkedRecords,
        responses=problems(400),
    )
    async def listed(
        request: Request,
        code: Codes = [],  # noqa: B006 - FastAPI copies it
        state: States = ["parked"],  # noqa: B006 - as above
        topic: Topic = None,
        page_size: PageSize = 100,
        cursor: Cursor = None,
    ) -> JSONResponse:
        """Parked records, the newest first; without a cursor also how many wait, by cause."""
        place = place_of(cursor, str, str, int, int)
        before = None if place is None else Before(moment_of(place[0]), _last_of(place[1:]))
        async with ask.tables.begin() as connection:
            found = await looking.page(
                connection, codes=code, topic=topic, states=state, before=before, limit=page_size + 1
            )
            causes = await looking.causes(connection) if before is None else []
        link = None
        if len(found) > page_size:
            last = found[page_size - 1]
            link = next_link(request, [last.parked_at.isoformat(), *last.place])
        answer: dict[str, Any] = {
            "results": [record_answer(one, ask.service) for one in found[:page_size]],
            "next": link,
        }
        if before is None:
            answer["causes"] = [cause_answer(one, ask.service) for one in causes]
        return JSONResponse(answer)

    @router.post("/redrive/", operation_id=f"redrive_{of}", **order)
    async def redrive(request: Request, staff: Staff, key: Key = None) -> JSONResponse:
        """Send records through the service's door again; with `dry_run` only say how many."""
        return await _order(ask, request, staff, "redrive", key)

    @router.post("/drop/", operation_id=f"drop_{of}", **order)
    async def drop(request: Request, staff: Staff, key: Key = None) -> JSONResponse:
        """Say that nobody needs these records; their bytes stay. A reason must be given."""
        return await _order(ask, request, staff, "drop", key)

    add_job_routes(router, ask)

    @router.get(
        "/{record}/",
        dependencies=[Depends(staff_only)],
        operation_id=f"read_{of}_record",
        response_model=ParkedRecordOpened,
        responses=problems(404),
    )
    @router.get("/{record}", dependencies=[Depends(staff_only)], include_in_schema=False)
    async def one(record: str) -> JSONResponse:
        """One record with its bytes, what is the matter and what to do; looking changes nothing."""
        async with ask.tables.begin() as connection:
            found = await looking.find(connection, _place(record))
        if found is None:
            raise _not_there(record)
        return JSONResponse(opened_answer(found, ask.service), headers={"Cache-Control": "no-store"})

    return router


async def _order(
    ask: Enquiries, request: Request, staff: Principal, action: Action, key: str | None
) -> JSONResponse:
    body = await read_body(request, _BODY, most_bytes=_MOST_BYTES, too_large=TOO_LARGE)
    places = None if body.records is None else [_place(text) for text in body.records]
    if (places is not None) + body.all + bool(body.codes or body.topic) != 1:
        raise Problem(
            400,
            "WHICH_RECORDS",
            "Name records, or codes and a topic, or say that all are meant: one of these.",
        )
    reason = storable(body.reason)
    if action == "drop" and not reason and not body.dry_run:
        raise Problem(400, "REASON_MISSING", "Say why nobody needs these records: others will want to know.")
    order = ParkedOrder(
        action=action,
        author=staff.user_id,
        reason=reason,
        places=places,
        codes=body.codes,
        topic=body.topic,
        limit=body.limit,
        rate=body.rate,
    )
    try:
        if body.dry_run:
            tell_audit(request, nothing_changed=True)
            async with ask.tables.begin() as connection:
                return JSONResponse(counted_answer(order, await count(connection, order)))
        return ordered(ask, await ask.order(under(key, order)))
    except NotThere as error:
        raise _not_there(str(error.place)) from None


def _place(text: str) -> Place:
    place = Place.parse(text)
    if place is None:
        raise _not_there(text)
    return place


def _last_of(parts: list[Any]) -> Place:
    """The last record of the page before, from its cursor."""
    place = Place.parse("~".join(map(str, parts)))
    if place is None:
        raise none_of_ours()
    return place


def _not_there(text: str) -> Problem:
    return Problem(404, "NOT_FOUND", f"There is no parked record {text[:300]}.")
