"""Health: `/healthz` is the watchdog's verdict, `/readyz` whether the parts answer; lag never makes us unready."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[None]]
"""Returns if the part is well, raises if it is not."""

_CHECK_SECONDS = 2.0


def health_router(*, alive: dict[str, Check], ready: dict[str, Check]) -> APIRouter:
    """Routes for `/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return await _answer(alive)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        return await _answer({**alive, **ready})

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _answer(checks: dict[str, Check]) -> JSONResponse:
    results = dict(zip(checks, await asyncio.gather(*map(_run, checks.values())), strict=True))
    well = all(result["ok"] for result in results.values())
    return JSONResponse({"ok": well, "parts": results}, 200 if well else 503)


async def _run(check: Check) -> dict[str, Any]:
    started = time.monotonic()
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 - a health check reports whatever is wrong
        return {"ok": False, "reason": str(error) or type(error).__name__}
    return {"ok": True, "ms": round((time.monotonic() - started) * 1000, 1)}
