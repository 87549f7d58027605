"""Commands of the importer: start nothing more of an import; give up claims. Never routed to the outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.common.database import ACQUIRE_TIMEOUT_S, Pool, transaction
from services.common.http.signin import internal_only
from services.provisioner.api.bodies import Reason, read_body
from services.provisioner.store import releases, stops
from services.provisioner.store.releases import Cause
from services.provisioner.store.stops import Stop
from services.provisioner.work.releasing import foretell
from services.provisioner.work.stops import Stops

MOST_CLAIMS = 10_000
_MOST_BYTES = 2 * 1024 * 1024
_TOO_LARGE = f"At most {MOST_CLAIMS} claims may be named at once."
_SHORT = Annotated[str, msgspec.Meta(max_length=320)]


class StopBody(msgspec.Struct, frozen=True):
    """Who stops an import, and why."""

    author: _SHORT
    reason: Reason = ""


class ReleaseBody(msgspec.Struct, frozen=True):
    """Claims to give up: pairs of account and request."""

    author: _SHORT
    cause: Cause
    claims: Annotated[list[tuple[UUID, UUID]], msgspec.Meta(max_length=MOST_CLAIMS)]


_STOP = msgspec.json.Decoder(StopBody)
_RELEASE = msgspec.json.Decoder(ReleaseBody)


def commands_router(pool: Pool, known: Stops, now: Callable[[], datetime]) -> APIRouter:
    """Routes under `/internal/imports/`."""
    router = APIRouter(
        prefix="/internal/imports", dependencies=[Depends(internal_only)], include_in_schema=False
    )

    @router.post("/{import_id}/stop/", status_code=204)
    async def stop(request: Request, import_id: UUID) -> Response:
        """From the answer on nobody starts a call for a claim of this import (other copies: after half a second)."""
        body = await read_body(request, _STOP, most_bytes=_MOST_BYTES, too_large=_TOO_LARGE)
        async with transaction(pool) as connection:
            await stops.add(connection, [Stop(import_id, body.author, body.reason)], now=now())
        known.add([import_id])
        return Response(status_code=204)

    @router.post("/{import_id}/release/", status_code=202)
    async def release(request: Request, import_id: UUID, dry_run: bool = False) -> Response:
        """Give up claims, durably; with `dry_run` only say what would follow."""
        body = await read_body(request, _RELEASE, most_bytes=_MOST_BYTES, too_large=_TOO_LARGE)
        if dry_run:
            async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                counts = await foretell(connection, body.claims, body.cause)
            return _json(200, counts)
        async with transaction(pool) as connection:
            await releases.queue(
                connection, import_id, body.claims, cause=body.cause, author=body.author, now=now()
            )
        return _json(202, {"queued": len(set(body.claims))})

    return router


def _json(status: int, answer: dict[str, int]) -> Response:
    return Response(msgspec.json.encode(answer), status, media_type="application/json")
