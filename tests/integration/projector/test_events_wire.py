"""Streams of events on the wire: a reader that stops reading is gone in time, directly and behind the front."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import UUID

import aiohttp
import pytest
import uvicorn
from fastapi import FastAPI, Request

from deploy.embedded.front.proxy import Limits
from deploy.embedded.front.routes import Owner
from deploy.embedded.front.server import serving as front_serving
from services.common.access import Principal
from services.common.http import signin
from services.projector.import_changes.api import router
from services.projector.push import metrics
from services.projector.push.guard import Guard
from services.projector.push.hub import Hub
from services.projector.push.stream import Stream
from tests.integration.projector.serving import serving
from tests.support.waiting import until
from tests.unit.projector.imports_in_memory import A, Imports

PATH = f"/api/course-imports/{A.hex}/events/"
PIECE = b": " + b"x" * 500_000 + b"\n\n"
"""Larger than what the buffers between two processes take."""
SAM = Principal("sam", staff=True)


class _Statuses:
    """Knows one thing of every import: that it is of no project."""

    async def get(self, _: UUID) -> SimpleNamespace:
        return SimpleNamespace(project_id=None)


async def _still_sam(_: Request) -> Principal:
    return SAM


@asynccontextmanager
async def events_served() -> AsyncIterator[tuple[str, uvicorn.Server, Imports, Hub]]:
    """The route alone, over an import in memory."""
    imports = Imports()
    hub = Hub(imports, send_timeout_s=0.3)
    app = FastAPI()
    app.include_router(router())
    app.dependency_overrides[signin.signed_in] = lambda: SAM
    guard = Guard(hub.leave, _still_sam)
    app.state = SimpleNamespace(hub=hub, statuses=_Statuses(), guard=guard)  # type: ignore[assignment]
    async with serving(app) as (url, server):
        yield url, server, imports, hub


async def stalled(url: str) -> socket.socket:
    """A client that has sent its request and reads nothing."""
    host, _, port = url.removeprefix("http://").partition(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, (host, int(port)))
    await loop.sock_sendall(client, f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return client


def fill(streams: Iterable[Stream]) -> None:
    """Give streams more than there is room for."""
    for stream in streams:
        stream.rows(PIECE)


async def test_a_reader_that_stops_reading_is_gone_and_its_memory_with_it() -> None:
    """Within the time-out: no stream, no task, no connection with what it never took; others go on."""
    async with events_served() as (url, server, imports, hub), aiohttp.ClientSession() as http:
        async with http.get(f"{url}{PATH}") as well:
            assert b"retry: " in await well.content.readline()
            others = set(hub._streams)
            before = metrics.SLOW._value.get()
            with await stalled(url):
                await until(lambda: _is(len(hub) == 2), "the slow reader")

                async def gone() -> bool:
                    fill(set(hub._streams) - others)
                    return len(hub) == 1 and len(server.server_state.connections) == 1

                await until(gone, "the slow reader to be dropped")
                assert metrics.SLOW._value.get() == before + 1
            imports.happen(1)
            async with asyncio.timeout(20):
                while b"event: rows" not in await well.content.readline():
                    pass
        await until(lambda: _is(not server.server_state.tasks), "the tasks to end")


async def test_the_front_streams_at_once_and_drops_a_slow_reader() -> None:
    """Each event passes when it comes; a reader that takes nothing costs neither the front nor the service for ever."""
    async with events_served() as (url, _, imports, hub):
        urls = dict.fromkeys(Owner, (url,))
        async with front_serving(urls, host="127.0.0.1", port=0, limits=Limits(idle=0.5)) as port:
            front = f"http://127.0.0.1:{port}"
            async with aiohttp.ClientSession() as http, http.get(f"{front}{PATH}") as answer:
                assert answer.headers["x-accel-buffering"] == "no"
                for wanted in (b"event: status\n", b"event: rows\n", b"event: status\n"):
                    async with asyncio.timeout(5):
                        while await answer.content.readline() != wanted:
                            pass
                    imports.happen(1)
            with await stalled(front):
                await until(lambda: _is(len(hub) == 1), "the stream")

                async def gone() -> bool:
                    fill(hub._streams)
                    return len(hub) == 0

                await until(gone, "the slow reader to be dropped")


async def test_streams_end_politely_when_the_process_stops() -> None:
    """Each with a reset, and the answer is complete, so that no client reports an error."""
    async with (
        events_served() as (url, _, _, hub),
        aiohttp.ClientSession() as http,
        http.get(f"{url}{PATH}") as answer,
    ):
        while b"event: status" not in await answer.content.readline():
            pass
        await hub.close()
        assert b"event: reset" in await asyncio.wait_for(answer.content.read(), 5)


@pytest.mark.parametrize("how", ["before", "after"])
async def test_a_client_that_goes_away_leaves_nothing_behind(how: str) -> None:
    """Before the first byte or after it."""
    async with events_served() as (url, server, _, hub):
        client = await stalled(url)
        if how == "after":
            await until(lambda: _is(len(hub) == 1), "the stream")
        client.close()
        await until(
            lambda: _is(not server.server_state.connections and len(hub) == 0), "everything to be given back"
        )


async def _is(condition: bool) -> bool:
    return condition
