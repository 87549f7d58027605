"""`/api/target/orphans/`: what only one of the two knows, our accounts and the account service; one JSON a line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import msgspec
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from schemas.codes import explain
from services.common.database import Pool
from services.common.http import Problem, Staff
from services.common.http.problem_answer import problems
from services.provisioner.api.target_models import ComparisonLine
from services.provisioner.backends.protocol import Backend
from services.provisioner.reconcile.comparing import Orphan
from services.provisioner.reconcile.run import CannotCompare, Finished, Progress, reconcile

NDJSON = "application/x-ndjson"
_EXAMPLE: Final = (
    '{"type": "progress", "listed": 500}\n'
    '{"type": "finished", "listed": 712, "at_target": 0, "ours": 0, "complete": true}\n'
)


class Lines(StreamingResponse):
    """JSON objects, one a line, as they are found."""

    media_type = NDJSON


def orphans_router(pool: Pool, backend: Backend, slot: Callable[[], Awaitable[None]]) -> APIRouter:
    """The route of the comparison; one at a time in each process."""
    router = APIRouter(prefix="/api/target", tags=["target"])
    running = asyncio.Lock()

    async def lines() -> AsyncIterator[bytes]:
        async with running:
            found = reconcile(pool, backend, slot)
            try:
                async for one in found:
                    yield line(one)
            except CannotCompare as error:
                yield _json({"type": "error", **_explained(error.code)})
            finally:
                await found.aclose()  # type: ignore[attr-defined]

    @router.get(
        "/orphans/",
        operation_id="compare_with_target",
        summary="Compare our accounts with those of the account service",
        response_class=Lines,
        response_model=ComparisonLine,
        responses={
            200: {
                "description": "One JSON object a line, as described.",
                "content": {NDJSON: {"example": _EXAMPLE}},
            },
            **problems(409),
        },
    )
    async def orphans(_: Staff) -> StreamingResponse:
        """Live accounts of the target that are not ours, and accounts of ours that it does not have.

        Lines of type `progress`, `orphan`, and last `finished` or `error`; without a last line it broke off.
        """
        if running.locked():
            raise _conflict("RECONCILE_RUNNING")
        await backend.prepare()
        if backend.capabilities.declared and not backend.capabilities.listing:
            raise _conflict("TARGET_CANNOT_LIST")
        return Lines(lines(), headers={"Cache-Control": "no-store"})

    return router


def line(one: Progress | Orphan | Finished) -> bytes:
    """One line of the answer."""
    match one:
        case Progress(listed):
            return _json({"type": "progress", "listed": listed})
        case Finished(listed, at_target, ours, complete):
            return _json(
                {
                    "type": "finished",
                    "listed": listed,
                    "at_target": at_target,
                    "ours": ours,
                    "complete": complete,
                }
            )
        case Orphan():
            return _json(
                {
                    "type": "orphan",
                    "where": one.where,
                    "username": one.username,
                    "email": one.email,
                    "scope": one.scope,
                    "account_uuid": None if one.account_id is None else one.account_id.hex,
                    "checked": one.checked,
                }
            )


def _json(document: dict[str, Any]) -> bytes:
    return msgspec.json.encode(document) + b"\n"


def _explained(code: str) -> dict[str, str]:
    entry = explain(code)
    return {"code": code, "message": entry.message, "hint": entry.hint}


def _conflict(code: str) -> Problem:
    entry = explain(code)
    return Problem(409, code, f"{entry.message} {entry.hint}")
