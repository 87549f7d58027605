"""What passes through the front, and how it looks on the other side."""

import asyncio

from aiohttp import web

from tests.integration.front.support import Fronts

STATUS = "/api/course-imports/00000000000000000000000000000001/"


async def test_request_and_answer_pass_as_they_are(fronts: Fronts) -> None:
    """Method, path, query, body, status and headers arrive unchanged, in both directions."""
    seen: list[tuple[str, str, bytes, str]] = []

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.method, request.raw_path, await request.read(), request.headers["Content-Type"]))
        return web.Response(
            status=201, body=b"{}", headers={"Location": "/x/", "ETag": '"7"', "Server": "secret/1.0"}
        )

    front = await fronts.start(importer=(await fronts.service(importer),))
    path = "/api/import-drafts/?project=a%20b&name=r%C3%A9sum%C3%A9.csv"
    async with front.client.post(path, data=b"email\n", headers={"Content-Type": "text/csv"}) as answer:
        assert (answer.status, answer.headers["Location"], answer.headers["ETag"]) == (201, "/x/", '"7"')
        assert answer.headers["Content-Length"] == "2"
        assert "Server" not in answer.headers or "secret" not in answer.headers["Server"]
    assert seen == [("POST", path, b"email\n", "text/csv")]


async def test_headers_of_one_hop_stay_there(fronts: Fronts) -> None:
    """Hop-by-hop headers, those named in Connection, and claims about who is asking are not passed on."""
    got: dict[str, str] = {}

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        got.update(request.headers)
        return web.Response(text="ok", headers={"Keep-Alive": "timeout=5", "X-Kept": "yes"})

    front = await fronts.start(projector=(await fronts.service(projector),))
    sent = {
        "Connection": "keep-alive, X-Mine",
        "X-Mine": "1",
        "TE": "trailers",
        "Proxy-Authorization": "x",
        "X-Forwarded-For": "203.0.113.9",
        "Authorization": "Token T",
        "If-None-Match": '"7"',
    }
    async with front.client.get(STATUS, headers=sent) as answer:
        assert "Keep-Alive" not in answer.headers
        assert answer.headers["X-Kept"] == "yes"
    assert not {"X-Mine", "TE", "Proxy-Authorization"} & got.keys()
    assert got["X-Forwarded-For"] == "127.0.0.1"
    assert (got["Authorization"], got["If-None-Match"]) == ("Token T", '"7"')
    assert got["Host"] == front.url.removeprefix("http://")


async def test_every_request_has_an_id(fronts: Fronts) -> None:
    """A harmless id of the caller is kept, another is replaced; service and client see the same one."""
    seen: list[str] = []

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request.headers["X-Request-ID"])
        return web.Response(text="ok", headers={"X-Request-ID": "the service's own"})

    front = await fronts.start(projector=(await fronts.service(projector),))
    for offered in ("my-request-0001", "bad id; drop", None):
        sent = {} if offered is None else {"X-Request-ID": offered}
        async with front.client.get(STATUS, headers=sent) as answer:
            assert answer.headers["X-Request-ID"] == seen[-1]
    assert seen[0] == "my-request-0001"
    assert all(len(made) == 32 for made in seen[1:])
    assert seen[1] != seen[2]
    async with front.client.get("/nowhere") as answer:
        assert len(answer.headers["X-Request-ID"]) == 32


async def test_answers_without_a_body(fronts: Fronts) -> None:
    """304 and HEAD pass, and the connection goes on being used."""

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(headers={"X-Result-Count": "3"})
        return web.Response(status=304, headers={"ETag": '"7"'})

    front = await fronts.start(projector=(await fronts.service(projector),))
    async with front.client.get(STATUS) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    async with front.client.head("/api/marketplace-course-accounts/") as answer:
        assert (answer.status, answer.headers["X-Result-Count"]) == (200, "3")
    async with front.client.get(STATUS) as answer:
        assert answer.status == 304


async def test_compressed_answers_are_not_unpacked(fronts: Fronts) -> None:
    """Content-Encoding and bytes pass as the service sent them."""

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        response = web.Response(text="x" * 5000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    front = await fronts.start(projector=(await fronts.service(projector),))
    async with front.client.get(STATUS, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert await answer.text() == "x" * 5000


async def test_events_arrive_while_the_answer_is_open(fronts: Fronts) -> None:
    """Each piece of a stream reaches the client before the next one is made."""
    go_on = asyncio.Event()

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"id: 1\n\n")
        await go_on.wait()
        await response.write(b"id: 2\n\n")
        return response

    front = await fronts.start(projector=(await fronts.service(projector),))
    async with asyncio.timeout(5), front.client.get(STATUS + "events/") as answer:
        assert await answer.content.readuntil(b"\n\n") == b"id: 1\n\n"
        go_on.set()
        assert await answer.content.readuntil(b"\n\n") == b"id: 2\n\n"


async def test_uploads_stream_through(fronts: Fronts) -> None:
    """The service reads the first piece of an upload while the client has not sent the second."""
    first_seen = asyncio.Event()

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        first = await request.content.readany()
        first_seen.set()
        return web.Response(body=first + await request.content.read())

    async def pieces():  # type: ignore[no-untyped-def]
        yield b"email\n"
        await first_seen.wait()
        yield b"a@example.org\n"

    front = await fronts.start(importer=(await fronts.service(importer),))
    async with asyncio.timeout(5), front.client.post("/api/import-drafts/", data=pieces()) as answer:
        assert await answer.read() == b"email\na@example.org\n"


async def test_a_client_that_leaves_ends_the_call(fronts: Fronts) -> None:
    """When the client goes, the service's handler is cancelled too: no work for nobody."""
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def projector(request: web.BaseRequest) -> web.StreamResponse:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return web.Response()

    front = await fronts.start(projector=(await fronts.service(projector),))
    call = asyncio.create_task(front.client.get(STATUS).__aenter__())
    async with asyncio.timeout(5):
        await started.wait()
        call.cancel()
        await cancelled.wait()


async def test_the_front_serves_little_itself(fronts: Fronts) -> None:
    """Its own health answers while every service is away; the page at / is plain HTML."""
    front = await fronts.start()
    async with front.client.get("/healthz") as answer:
        assert answer.status == 200
    async with front.client.get("/") as answer:
        assert answer.content_type == "text/html"


async def test_a_client_that_asks_first_is_told_to_go_ahead(fronts: Fronts) -> None:
    """`Expect: 100-continue`: the answer comes before the body, which curl would else hold back for a second."""

    async def importer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=await request.read())

    front = await fronts.start(importer=(await fronts.service(importer),))
    host, _, port = front.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = "POST /api/import-drafts/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    writer.write(head.encode())
    async with asyncio.timeout(5):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"rows")
        answer = await reader.readuntil(b"rows")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1
    writer.close()
    await writer.wait_closed()
