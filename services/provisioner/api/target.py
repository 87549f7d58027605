"""`/api/target/`: the account service as all copies see it; operators pause it, resume it and limit the rate."""

from typing import Annotated, Any

import msgspec
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from schemas.codes import explain
from services.common.database import ACQUIRE_TIMEOUT_S, Pool, transaction
from services.common.http import Problem, Staff
from services.common.http.body_schema import json_body
from services.common.http.problem_answer import problems
from services.provisioner.api.answers import utc
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.target_models import AccountService
from services.provisioner.store import targets
from services.provisioner.store.targets import Calls
from services.provisioner.target import breaker
from services.provisioner.target.keeper import Keeper
from services.provisioner.target.known import Change
from services.provisioner.target.state import Target
from services.provisioner.target.telling import BY_OPERATOR

logger = structlog.get_logger(__name__)

MOST_PER_SECOND = 10_000
LEAST_PER_SECOND = 0.001
_MOST_BYTES = 16 * 1024
_TOO_LARGE = "At most 2,000 characters of reason."
_NEW_SLOTS_AFTER_S = 0.5
"""By then every copy has looked, and dropped its slots of the rate before."""


class PauseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: Reason = ""


class RateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls a second, all copies together; null: no limit."""

    rate: (
        Annotated[float, msgspec.Meta(ge=LEAST_PER_SECOND, le=MOST_PER_SECOND)] | msgspec.UnsetType | None
    ) = msgspec.UNSET


_PAUSE = msgspec.json.Decoder(PauseBody)
_RATE = msgspec.json.Decoder(RateBody)
_PAUSE_BODY = json_body(PauseBody, example={"reason": "moving house"}, required=False)
_RATE_BODY = json_body(RateBody, example={"rate": 40}, also={"required": ["rate"]})


def target_router(pool: Pool, keeper: Keeper) -> APIRouter:
    """Everything an operator needs to know of, and do about, the account service."""
    router = APIRouter(prefix="/api/target", tags=["target"])

    async def change(change: Change) -> None:
        async with transaction(pool) as connection:
            before, now = await targets.lock(connection, keeper.name, rate=keeper.rate)
            after = change(before, now)
            if after != before:
                await targets.write(connection, after)
        keeper.wake()

    async def shown() -> JSONResponse:
        async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            target, _ = await targets.read(connection, keeper.name, rate=keeper.rate)
            calls = await targets.calls(connection, keeper.name)
        return JSONResponse(target_answer(target, calls), headers={"Cache-Control": "no-cache"})

    @router.get(
        "/",
        operation_id="read_target",
        summary="How the account service stands",
        response_model=AccountService,
    )
    async def show(_: Staff) -> JSONResponse:
        """As all copies see it, with the calls of the last minute."""
        return await shown()

    @router.post(
        "/pause/",
        operation_id="pause_target",
        summary="Make no calls to the account service",
        response_model=AccountService,
        responses=problems(400, 413),
        openapi_extra=_PAUSE_BODY,
    )
    async def pause(request: Request, staff: Staff) -> JSONResponse:
        """Until it is resumed; calls under way end by themselves. Paused already, it changes nothing."""
        body = await read_body(request, _PAUSE, most_bytes=_MOST_BYTES, too_large=_TOO_LARGE)
        reason = storable(body.reason)
        await change(lambda target, now: breaker.stop(target, now, author=staff.user_id, reason=reason))
        logger.info("target_paused_by_operator", target=keeper.name, author=staff.user_id)
        return await shown()

    @router.post(
        "/resume/",
        operation_id="resume_target",
        summary="Make calls to the account service again",
        response_model=AccountService,
    )
    async def resume(staff: Staff) -> JSONResponse:
        """Also ends the waiting for a target that wished to be left alone; one that is down is probed at once."""
        await change(breaker.resume)
        logger.info("target_resumed_by_operator", target=keeper.name, author=staff.user_id)
        return await shown()

    @router.patch(
        "/",
        operation_id="change_target_rate",
        summary="Limit the calls a second",
        response_model=AccountService,
        responses=problems(400, 413),
        openapi_extra=_RATE_BODY,
    )
    async def limit(request: Request, staff: Staff) -> JSONResponse:
        """For all copies together; null: no limit."""
        body = await read_body(request, _RATE, most_bytes=_MOST_BYTES, too_large=_TOO_LARGE)
        wanted = body.rate
        if isinstance(wanted, msgspec.UnsetType):
            raise Problem(
                400,
                "BODY_INVALID",
                'Say the rate: {"rate": 40} for 40 calls a second, {"rate": null} for no limit.',
                errors={"rate": ["This field is required."]},
            )
        async with transaction(pool) as connection:
            before, _ = await targets.lock(connection, keeper.name, rate=keeper.rate)
            pause = None if before.rate == wanted else _NEW_SLOTS_AFTER_S
            await targets.limit(connection, keeper.name, wanted, pause=pause)
        keeper.wake()
        logger.info("target_rate_changed", target=keeper.name, author=staff.user_id, rate=wanted)
        return await shown()

    return router


def target_answer(target: Target, calls: Calls) -> dict[str, Any]:
    """A target as the API shows it."""
    stop = target.stop
    code = BY_OPERATOR if stop else target.code
    return {
        "name": target.name,
        "state": "paused" if stop else target.standing,
        "since": utc(stop.since if stop else target.since),
        "code": code,
        "reason": explain(code).message if code else None,
        "next_attempt": None if stop else utc(target.next_at),
        "paused": stop and {"by": stop.author, "reason": stop.reason, "since": utc(stop.since)},
        "rate": target.rate,
        "copies": calls.copies,
        "calls": {
            "under_way": calls.under_way,
            "last_minute": {
                "answered": calls.answered,
                "unclear": calls.unclear,
                "not_taken": calls.not_taken,
            },
        },
    }
