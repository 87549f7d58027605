"""The same HTTP server as the services', answering one fixed body: `python -m bench.floors.fixed PORT BYTES`.

Plain ASGI, without a framework, routes, sign-in or a database: what uvicorn itself costs.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import Receive, Scope, Send

from bench.stack import BenchError
from deploy.embedded import http_probe
from deploy.embedded.ports import free_port

HOST = "127.0.0.1"
_READY_WITHIN_S = 60.0
_TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class Fixed:
    """The running server."""

    url: str
    pid: int


@asynccontextmanager
async def fixed(size: int) -> AsyncIterator[Fixed]:
    """Run one that answers so many bytes."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, str(port), str(size))
    try:
        await _answers(port)
        yield Fixed(f"http://{HOST}:{port}/", process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    try:
        async with asyncio.timeout(_READY_WITHIN_S):
            while True:
                if await http_probe.status(HOST, port, "/") == 200:
                    return
                await asyncio.sleep(_TICK_S)
    except TimeoutError:
        raise BenchError("The server of a fixed body did not start.") from None


def main(port: int, size: int) -> None:
    """Serve until told to stop; loop, parser and garbage collector as in `services.common.process`."""
    body = b"x" * size
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % size)]

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    uvicorn.run(
        answer, host=HOST, port=port, lifespan="off", log_config=None, access_log=False, server_header=False
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
