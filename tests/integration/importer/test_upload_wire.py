"""Uploads as they come over a real socket: too large, broken off, in pieces of any size, and seen before."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import orjson
import pytest
import uvicorn

from services.common.database import open_pool
from tests.integration.importer.support import COURSE, Running, Site, people, running, until
from tests.integration.importer.test_choices import rows_of

LIMIT = 1_000_000
FILE = 'E-post;Märkus\r\nada@example.org;"esimene\r\nteine rida"\r\n\r\nBOB@example.org;Ülo\r\n'.encode(
    "utf-8-sig"
)


@pytest.fixture(scope="module")
async def small(shared_site: Site) -> AsyncIterator[Running]:
    """An importer that takes a megabyte."""
    async with running(shared_site, changes={"max_bytes": LIMIT, "group": "importer.wire"}) as one:
        yield one


@asynccontextmanager
async def served(importer: Running) -> AsyncIterator[int]:
    """The importer behind a real HTTP server; yields its port."""
    server = uvicorn.Server(
        uvicorn.Config(importer.service.asgi, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    )
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await until(started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


def head(site: Site, *lines: str) -> bytes:
    """The head of an upload."""
    path = f"/api/import-drafts/?project={COURSE.project_id.hex}"
    fixed = (
        f"POST {path} HTTP/1.1",
        "Host: x",
        f"Authorization: Token {site.staff}",
        "Content-Type: text/csv",
    )
    return "\r\n".join((*fixed, *lines, "", "")).encode()


async def all_drafts(site: Site) -> int:
    """How many drafts there are."""
    async with await open_pool(site.dsn, name="tests", size=1, schema="importer") as pool:
        return int(await pool.fetchval("SELECT count(*) FROM drafts"))


@pytest.mark.parametrize("declared", [True, False], ids=["with a length", "in chunks"])
async def test_who_sends_first_and_reads_then_sees_the_refusal(
    small: Running, shared_site: Site, declared: bool
) -> None:
    """Too large by half: the client sends all of it before it looks, and reads 413 with the limit."""
    body = people(50_000)[: LIMIT * 3 // 2]
    before = await all_drafts(shared_site)
    async with served(small) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if declared:
            writer.write(head(shared_site, f"Content-Length: {len(body)}") + body)
        else:
            writer.write(head(shared_site, "Transfer-Encoding: chunked"))
            writer.write(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
        async with asyncio.timeout(20):
            await writer.drain()
            answer = await reader.read()
        writer.close()
    start, _, rest = answer.partition(b"\r\n\r\n")
    assert start.startswith(b"HTTP/1.1 413"), start
    problem = orjson.loads(rest)
    assert (problem["code"], problem["max_bytes"]) == ("FILE_TOO_LARGE", LIMIT)
    assert await all_drafts(shared_site) == before


async def test_half_an_upload_is_none(small: Running, shared_site: Site) -> None:
    """The line breaks in the middle: no draft, and the next upload works."""
    body = people(1_000)
    before = await all_drafts(shared_site)
    async with served(small) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(shared_site, f"Content-Length: {len(body)}") + body[: len(body) // 2])
        await writer.drain()
        writer.transport.abort()
        assert (await small.upload(body)).status_code == 201
    assert await all_drafts(shared_site) == before + 1


@pytest.mark.parametrize("form", [True, False], ids=["form", "raw"])
async def test_pieces_of_any_size_make_the_same_draft(small: Running, form: bool) -> None:
    """Cut inside a character, a line end, a quoted cell, a boundary: the rows are the same."""
    kind, body = "text/csv", FILE
    if form:
        kind = "multipart/form-data; boundary=cut"
        parts = ('name="project"', COURSE.project_id.hex.encode()), ('name="file"; filename="a.csv"', FILE)
        body = (
            b"".join(
                b"--cut\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (name.encode(), value)
                for name, value in parts
            )
            + b"--cut--\r\n"
        )
    seen = []
    for size in (1, 2, 3, 7, 64, len(body)):

        async def pieces(size: int = size) -> AsyncIterator[bytes]:
            for piece in cut(body, size):
                yield piece

        answer = await small.client.post(
            "/api/import-drafts/",
            params={} if form else {"project": COURSE.project_id.hex},
            content=pieces(),
            headers={"Content-Type": kind},
        )
        assert answer.status_code == 201, answer.text
        draft = answer.json()
        rows = await rows_of(small, draft)
        seen.append((draft["file"]["sha256"], draft["blank"], draft["verdicts"], rows))
    assert all(one == seen[0] for one in seen)
    assert [row["line"] for row in seen[0][3]] == [2, 5]


async def test_the_same_bytes_were_here_before(small: Running) -> None:
    """Under another name: the preview says which import it was."""
    data = people(4, start=77)
    first = (await small.upload(data, name="monday.csv")).json()
    assert first["file"]["seen_before"] is None
    assert (await small.submit(first)).status_code == 202
    second = (await small.upload(data, name="tuesday.csv")).json()
    assert second["file"]["seen_before"]["uuid"] == first["uuid"]
    assert second["file"]["seen_before"]["created_by"] == "staff"
    assert second["file"]["sha256"] == first["file"]["sha256"]


def cut(body: bytes, size: int) -> Iterator[bytes]:
    """Pieces of this size."""
    return (body[start : start + size] for start in range(0, len(body), size))
