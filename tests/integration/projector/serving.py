"""An application on a port of its own, as uvicorn serves it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.support.waiting import until


class _Server(uvicorn.Server):
    """Without signal handlers: the tests have their own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The address, and the server, whose connections can be looked at."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, lifespan="off", log_config=None, access_log=False,
        timeout_graceful_shutdown=1, server_header=False,
    )  # fmt: skip
    server = _Server(config)
    running = asyncio.create_task(server.serve())

    async def listens() -> bool:
        return server.started

    try:
        await until(listens, "the server")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        await running
