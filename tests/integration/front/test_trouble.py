"""Services that are away, slow or cut off, and bodies that are too much: plain problems, bounded waits."""

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientPayloadError, ClientResponse, web

from deploy.embedded.front.proxy import Limits
from tests.integration.front.support import Fronts

STATUS = "/api/course-imports/00000000000000000000000000000001/"


async def _problem(answer: ClientResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    body = await answer.json(content_type=None)
    assert body["status"] == answer.status
    assert body["detail"].endswith(".")
    assert body["request_id"] == answer.headers["X-Request-ID"]
    return answer.status, body["code"]


async def test_a_service_that_is_away(fronts: Fronts) -> None:
    """503 with Retry-After and a sentence that names the service."""
    front = await fronts.start()
    async with front.client.get(STATUS) as answer:
        assert await _problem(answer) == (503, "SERVICE_AWAY")
        assert int(answer.headers["Retry-After"]) > 0
        assert "projector" in (await answer.json(content_type=None))["detail"]


async def test_copies_take_turns_and_stand_in(fronts: Fronts) -> None:
    """Requests go round the copies; a copy that is away is skipped, with the body unharmed."""

    def copy(name: str):  # type: ignore[no-untyped-def]
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(text=name + (await request.text()))

        return handler

    urls = [await fronts.service(copy("a")), "http://127.0.0.1:1", await fronts.service(copy("b"))]
    front = await fronts.start(importer=tuple(urls))
    answers = []
    for _ in range(6):
        async with front.client.post("/api/import-drafts/", data=b"!") as answer:
            answers.append(await answer.text())
    assert sorted(set(answers)) == ["a!", "b!"]


async def test_a_connection_cut_before_the_answer(fronts: Fronts) -> None:
    """502 says that the outcome is not known; the request is not sent to another copy."""
    calls = 0

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    urls = (await fronts.service(importer), await fronts.service(importer))
    front = await fronts.start(importer=urls)
    async with front.client.post("/api/import-drafts/", data=b"email\n") as answer:
        assert await _problem(answer) == (502, "ANSWER_LOST")
    assert calls == 1


async def test_a_connection_cut_in_the_answer(fronts: Fronts) -> None:
    """A half answer reaches the client as a broken one, never as a shorter whole one."""

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(b"row 1\n")
        assert request.transport is not None
        request.transport.abort()
        return response

    front = await fronts.start(projector=(await fronts.service(projector),))
    async with front.client.get(STATUS + "rows/") as answer:
        with pytest.raises(ClientPayloadError):
            await answer.read()


async def test_a_service_that_never_answers(fronts: Fronts) -> None:
    """504 after the allowed silence."""

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    front = await fronts.start(projector=(await fronts.service(projector),), limits=Limits(idle=0.2))
    async with asyncio.timeout(5), front.client.get(STATUS) as answer:
        assert await _problem(answer) == (504, "ANSWER_LATE")


async def test_a_body_announced_too_large(fronts: Fronts) -> None:
    """413 before anything is sent to the service."""
    front = await fronts.start()
    async with front.client.post("/api/import-drafts/", data=io.BytesIO(b"x" * (2**20 + 1))) as answer:
        assert await _problem(answer) == (413, "BODY_TOO_LARGE")


async def test_a_body_that_grows_too_large(fronts: Fronts) -> None:
    """A body without a length is counted on its way: 413, and the service never sees its end."""
    whole = asyncio.Event()

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        whole.set()
        return web.Response()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 2**16

    front = await fronts.start(importer=(await fronts.service(importer),))
    async with front.client.post("/api/import-drafts/", data=pieces()) as answer:
        assert await _problem(answer) == (413, "BODY_TOO_LARGE")
    assert not whole.is_set()


async def test_a_body_that_stops(fronts: Fronts) -> None:
    """A client that stops in the middle of its upload gets 408 and holds nothing open."""

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=await request.read())

    front = await fronts.start(importer=(await fronts.service(importer),), limits=Limits(idle=0.2))
    host, port = front.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /api/import-drafts/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nemail\n")
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"UPLOAD_STALLED" in answer


async def test_an_early_answer_wins_over_the_rest_of_the_body(fronts: Fronts) -> None:
    """A service may refuse before it has read the upload; the client gets that refusal."""

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=401, text="who are you?")

    front = await fronts.start(importer=(await fronts.service(importer),))
    async with front.client.post("/api/import-drafts/", data=b"x" * 500_000) as answer:
        assert answer.status == 401


async def test_paths_nobody_serves(fronts: Fronts) -> None:
    """Unknown and internal paths are 404, a known path with another method is 405 with Allow."""
    front = await fronts.start()
    for path in ("/internal/stop", "/metrics", "/api/secrets/"):
        async with front.client.get(path) as answer:
            assert await _problem(answer) == (404, "NOT_FOUND")
    async with front.client.put("/api/course-imports/") as answer:
        assert await _problem(answer) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["Allow"] == "GET, HEAD"
