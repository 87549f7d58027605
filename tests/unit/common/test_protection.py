"""What every request meets before an endpoint does: sign-in, origin, rates, bodies; and headers on every answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.types import Message, Scope

from services.common.access import Authenticator, NotSignedIn, Principal
from services.common.http import SignedIn, Writer, create_app
from services.common.protection import Protection

COOKIE = {"Cookie": "course_accounts_session=sams-session"}
TOKEN = {"Authorization": "Token sams"}
OWN = {"Sec-Fetch-Site": "same-origin"}
SMALL = Protection(
    rate=0.001,
    burst=3,
    failed_sign_ins=0.001,
    failed_burst=2,
    uploads_at_once=1,
    upload_bytes=1000,
    body_bytes=2000,
    large_bodies={"/api/large/": 10_000},
    body_idle_s=0.05,
)
PLENTY = Protection(body_bytes=2000, upload_bytes=1000)


class People(Authenticator):
    """Sam has a token and a session; nobody else has anything."""

    pool = None

    def __init__(self) -> None:
        self.looks = 0

    def known(self, authorization: str | None, cookie: str | None = None) -> None:
        """Nobody is known without a look."""

    async def principal(self, authorization: str | None) -> Principal:
        """Sam, by token."""
        return self._sam(authorization == TOKEN["Authorization"], "token-1")

    async def session(self, cookie: str | None) -> Principal:
        """Sam, by cookie."""
        return self._sam(cookie == "sams-session", "session-1")

    def _sam(self, known: bool, credential: str) -> Principal:
        self.looks += 1
        if not known:
            raise NotSignedIn
        return Principal("sam", staff=True, credential=credential)


class Slow(People):
    """Counts how many are looked up at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0

    async def principal(self, authorization: str | None) -> Principal:
        """As they do, after a few turns of the others."""
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            for _ in range(5):
                await asyncio.sleep(0)
            return await super().principal(authorization)
        finally:
            self.now -= 1


class Body(BaseModel):
    """Something sent."""

    text: str = ""


def routes() -> APIRouter:
    """Reading, writing, and taking bodies in two ways."""
    router = APIRouter()

    @router.get("/api/me/")
    async def me(principal: SignedIn) -> str:
        return principal.credential

    @router.post("/api/me/")
    async def change(principal: Writer) -> str:
        return principal.credential

    @router.post("/api/body/")
    async def body(body: Body) -> int:
        return len(body.text)

    @router.post("/api/large/")
    async def large(request: Request) -> int:
        return sum([len(part) async for part in request.stream()])

    return router


def client_of(protection: Protection, people: People | None = None) -> httpx2.AsyncClient:
    """A client of an application with these limits."""
    app = create_app(
        "test: tests",
        routers=[routes()],
        authenticator=people or People(),
        internal_token="internal-secret-for-tests",
        alive={},
        ready={},
        protection=protection,
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here.example")


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


async def test_a_cookie_signs_in_and_a_header_goes_before_it() -> None:
    """A wrong header is not saved by a good cookie."""
    async with client_of(PLENTY) as client:
        assert (await client.get("/api/me/", headers=COOKIE)).json() == "session-1"
        assert (await client.get("/api/me/", headers={**COOKIE, **TOKEN})).json() == "token-1"
        wrong = {**COOKIE, "Authorization": "Token wrong"}
        assert code(await client.get("/api/me/", headers=wrong)) == (401, "NOT_SIGNED_IN")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**COOKIE, **OWN}, 200),
        ({**COOKIE, "Origin": "http://here.example"}, 200),
        (COOKIE, 403),
        ({**COOKIE, "Sec-Fetch-Site": "cross-site"}, 403),
        (TOKEN, 200),
        ({**TOKEN, "Sec-Fetch-Site": "cross-site"}, 200),
        ({}, 401),
    ],
)
async def test_with_a_cookie_only_our_own_page_changes_something(
    headers: dict[str, str], status: int
) -> None:
    """A token is not sent by a browser on its own, so it needs no such proof."""
    async with client_of(PLENTY) as client:
        answer = await client.post("/api/me/", headers=headers)
        assert answer.status_code == status
        assert status != 403 or answer.json()["code"] == "CROSS_SITE"


async def test_too_many_requests() -> None:
    """Each token for itself; told before, and told when to go on."""
    async with client_of(SMALL) as client:
        answers = [await client.get("/api/me/", headers=TOKEN) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"default";q=3;w=3000'
        assert answers[0].headers["ratelimit"].startswith('"default";r=2;t=')
        assert answers[3].json()["code"] == "TOO_MANY_REQUESTS"
        assert int(answers[3].headers["retry-after"]) >= 1
        assert answers[3].headers["ratelimit"].startswith('"default";r=0;t=')
        assert (await client.get("/api/me/", headers=COOKIE)).status_code == 200
        assert (await client.get("/healthz")).status_code == 200


async def test_too_many_wrong_tokens() -> None:
    """From one address: who has a good one gets in all the same, and others, as the front tells, are not concerned."""
    wrong = {"Authorization": "Token wrong"}
    async with client_of(SMALL) as client:
        for _ in range(2):
            assert (await client.get("/api/me/", headers=wrong)).status_code == 401
        assert (await client.get("/api/me/", headers=TOKEN)).status_code == 200
        assert (await client.get("/api/me/", headers=COOKIE)).status_code == 200
        refused = await client.get("/api/me/", headers=wrong)
        assert code(refused) == (429, "TOO_MANY_SIGN_INS")
        assert int(refused.headers["retry-after"]) >= 1
        assert code(await client.post("/api/session/")) == (429, "TOO_MANY_SIGN_INS")
        assert (await client.get("/healthz")).status_code == 200
        elsewhere = {**wrong, "X-Forwarded-For": "192.0.2.1"}
        assert (await client.get("/api/me/", headers=elsewhere)).status_code == 401


async def test_many_wrong_tokens_are_looked_up_seldom() -> None:
    """Once the address has had its tries: the same one once in five seconds, others two at a time."""
    people = Slow()
    async with client_of(SMALL, people) as client:
        for _ in range(2):
            await client.get("/api/me/", headers={"Authorization": "Token wrong"})
        looks = people.looks
        for _ in range(5):
            answer = await client.get("/api/me/", headers={"Authorization": "Token wrong"})
            assert answer.status_code == 429
        assert people.looks == looks + 1
        flood = [
            asyncio.create_task(client.get("/api/me/", headers={"Authorization": f"Token wrong-{number}"}))
            for number in range(10)
        ]
        assert {answer.status_code for answer in await asyncio.gather(*flood)} == {429}
        assert people.most == 2


async def test_no_limit() -> None:
    """0 switches it off, headers and all."""
    async with client_of(Protection(rate=0, burst=1)) as client:
        answers = [await client.get("/api/me/", headers=TOKEN) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "without"])
async def test_a_long_body_is_refused(declared: bool) -> None:
    """Whether it says so or not, and although the framework would call it unreadable; by path more is let in."""
    content = b'{"text": "' + b"x" * 3000 + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 500):
            yield content[start : start + 500]

    async with client_of(PLENTY) as client:
        sent: Any = content if declared else pieces()
        headers = {**TOKEN, "Content-Type": "application/json"}
        answer = await client.post("/api/body/", content=sent, headers=headers)
        assert code(answer) == (413, "BODY_TOO_LARGE")
        assert answer.json()["max_bytes"] == 2000
    async with client_of(SMALL) as client:
        assert (await client.post("/api/large/", content=content, headers=TOKEN)).json() == len(content)


async def test_so_many_large_bodies_at_once() -> None:
    """The second has to come again; when the first is through there is room."""
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 1500
        under_way.set()
        await go_on.wait()
        yield b"x"

    patient = Protection(uploads_at_once=1, upload_bytes=1000, large_bodies={"/api/large/": 10_000})
    async with client_of(patient) as client:
        first = asyncio.create_task(client.post("/api/large/", content=slow(), headers=TOKEN))
        await under_way.wait()
        second = await client.post("/api/large/", content=b"x" * 1500, headers=TOKEN)
        assert code(second) == (503, "TOO_MANY_UPLOADS")
        assert second.headers["retry-after"]
        assert (await client.post("/api/large/", content=b"x" * 900, headers=TOKEN)).json() == 900
        go_on.set()
        assert (await first).json() == 1501
        assert (await client.post("/api/large/", content=b"x" * 1500, headers=TOKEN)).status_code == 200


async def test_a_body_that_stops() -> None:
    """Nobody holds a connection open with half a body."""
    sent: list[Message] = []
    pieces: list[Message] = [{"type": "http.request", "body": b"half", "more_body": True}]

    async def receive() -> Message:
        if pieces:
            return pieces.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    async with client_of(SMALL) as client:
        app = client._transport.app  # type: ignore[attr-defined]
        scope: Scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/api/large/", "raw_path": b"/api/large/", "query_string": b"", "root_path": "",
            "headers": [(b"host", b"here.example")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await asyncio.wait_for(app(scope, receive, send), 10)
    assert sent[0]["status"] == 408
    assert b"UPLOAD_STALLED" in sent[1]["body"]


@pytest.mark.parametrize("path", ["/api/me/", "/api/nothing/", "/healthz", "/metrics"])
async def test_headers_on_every_answer(path: str) -> None:
    """Also on errors: nothing is guessed, framed, kept, or told to the next site."""
    async with client_of(PLENTY) as client:
        headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
