"""The front serves the documents and their pages whatever is away behind it, and refuses nonsense in its words."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog

from deploy.openapi import outputs
from tests.integration.front.support import Fronts

_CAPTURED = structlog.testing.capture_logs


async def test_documents_are_served_as_committed(fronts: Fronts) -> None:
    """Also while no service is there."""
    front = await fronts.start()
    for address, file in (
        ("/api/openapi.json", outputs.PATH),
        ("/docs/asyncapi.json", outputs.PATH.parents[1] / "asyncapi.json"),
    ):
        async with front.client.get(address) as answer:
            assert (answer.status, answer.content_type) == (200, "application/json")
            assert await answer.json() == json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("address", ["/docs", "/docs/", "/docs/events", "/docs/style.css"])
async def test_pages_let_nothing_in_from_elsewhere(fronts: Fronts, address: str) -> None:
    """The policy of each page forbids scripts and everything that is not ours; compressed it is small."""
    front = await fronts.start()
    async with front.client.get(address) as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
        assert "script" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Encoding"] in ("deflate", "gzip")
        assert int(answer.headers["Content-Length"]) < 60_000


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /api/course-imports/?author=ada%40example.org&x="
        + b"x" * 9000
        + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ada@example.org" + b"x" * 9000 + b"\r\n\r\n",
        b"ada@example.org\r\n\r\n",
        b"GET /\x00ada@example.org HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nada@example.org\r\n\r\n",
        b"POST /api/jobs/ HTTP/1.1\r\nHost: x\r\nContent-Length: ada@example.org\r\n\r\n",
    ],
    ids=["long line", "long header", "no HTTP", "zero byte", "no header", "no length"],
)
async def test_what_is_no_request_is_a_problem_and_not_quoted(fronts: Fronts, request_: bytes) -> None:
    """400 with a code, the connection closes, and neither answer nor log says what came."""
    front = await fronts.start()
    with _CAPTURED() as logged:
        answer = await _raw(front.url, request_)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == b"400", head
    assert b"application/problem+json" in head
    problem: dict[str, Any] = json.loads(body)
    assert (problem["code"], problem["status"]) == ("MALFORMED_REQUEST", 400)
    assert b"example.org" not in answer
    assert [one["event"] for one in logged] == ["request_not_served"]
    assert "example.org" not in str(logged)
    assert logged[0]["request_id"] == problem["request_id"]


async def _raw(url: str, request: bytes) -> bytes:
    """What comes back until the connection is closed."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer
