"""A foreign account service: speaks the bare protocol, has none of our extras, and may answer anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.provisioner.backends.http import HttpBackend
from services.provisioner.backends.outcomes import (
    CannotLookUp,
    Closed,
    Created,
    Exists,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.protocol import Capabilities, CreateRequest

REQUEST = CreateRequest("key-1", b'{"email":"ada@example.org","scopeSlug":"python-101"}', 5.0)
ACCOUNT = {"tempAccount": {"username": "waldur_user.01", "email": "ada@example.org"}}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Foreign:
    """What the service says to each call; tests replace it."""

    def __init__(self) -> None:
        self.token: object = {"access_token": "t0"}
        self.token_status = 200
        self.token_calls = 0
        self.create: Handler = self._created
        self.received: list[web.Request] = []

    async def _created(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(ACCOUNT)

    async def on_token(self, _: web.Request) -> web.StreamResponse:
        """The token endpoint."""
        self.token_calls += 1
        return web.json_response(self.token, status=self.token_status)

    async def on_create(self, request: web.Request) -> web.StreamResponse:
        """The create endpoint."""
        self.received.append(request)
        return await self.create(request)

    def always(self, status: int, body: bytes | str = b"", **headers: str) -> None:
        """Answer every create like this."""

        async def answer(_: web.Request) -> web.StreamResponse:
            data = body.encode() if isinstance(body, str) else body
            return web.Response(status=status, body=data, headers=headers)

        self.create = answer


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


@pytest.fixture
def foreign() -> Foreign:
    """The service's mind."""
    return Foreign()


@pytest.fixture
def clock() -> Clock:
    """The backend's clock."""
    return Clock()


@pytest.fixture
async def server(foreign: Foreign) -> AsyncIterator[TestServer]:
    """The service's body."""
    app = web.Application()
    app.add_routes([web.post("/token", foreign.on_token), web.post("/api/accounts", foreign.on_create)])
    running = TestServer(app)
    async with running:
        yield running


@contextlib.asynccontextmanager
async def connected(server: TestServer, clock: Clock, **more: object) -> AsyncIterator[HttpBackend]:
    """A backend for it."""
    url, token_url = str(server.make_url("/api/accounts/")), str(server.make_url("/token"))
    async with HttpBackend(
        url=url,
        token_url=token_url,
        client_id="c",
        client_secret="s",
        connect_timeout=1,
        monotonic=clock,
        **more,  # type: ignore[arg-type]
    ) as backend:
        yield backend


@pytest.fixture
async def backend(server: TestServer, clock: Clock) -> AsyncIterator[HttpBackend]:
    """With ordinary settings."""
    async with connected(server, clock) as made:
        yield made


async def test_the_bare_protocol_is_enough(backend: HttpBackend, foreign: Foreign) -> None:
    """No extras are declared, so none is used; what the answer leaves out is left out."""
    assert await backend.create(REQUEST) == Created("waldur_user.01", None, None)
    assert backend.capabilities == Capabilities(arrays=0, look_up=False, keys=False, declared=False)
    assert await backend.create_many([REQUEST, REQUEST]) == [Created("waldur_user.01")] * 2
    assert await backend.look_up("ada@example.org", "python-101") == CannotLookUp()
    assert len(foreign.received) == 3
    assert {request.headers["Idempotency-Key"] for request in foreign.received} == {"key-1"}
    assert await backend.close("waldur_user.01") == Closed(already=True), "no such path: a 404"


async def test_a_token_without_an_end_is_kept(backend: HttpBackend, foreign: Foreign, clock: Clock) -> None:
    """Until the service no longer takes it."""
    await backend.create(REQUEST)
    clock.seconds += 1_000_000
    await backend.create(REQUEST)
    assert foreign.token_calls == 1


async def test_a_token_is_renewed_before_its_end(
    backend: HttpBackend, foreign: Foreign, clock: Clock
) -> None:
    """And where that fails, the old one serves while it is good."""
    foreign.token = {"access_token": "t0", "expires_in": 100}
    await backend.create(REQUEST)
    clock.seconds = 85
    await backend.create(REQUEST)
    assert foreign.token_calls == 1
    clock.seconds = 95
    foreign.token_status = 500
    assert isinstance(await backend.create(REQUEST), Created)
    assert foreign.token_calls == 2
    clock.seconds = 101
    assert await backend.create(REQUEST) == NotSent(NotSentCause.TOKEN_UNAVAILABLE)
    foreign.token_status, foreign.token = 200, {"access_token": "t1", "expires_in": 100}
    assert isinstance(await backend.create(REQUEST), Created)
    assert foreign.received[-1].headers["Authorization"] == "Bearer t1"


async def test_a_service_that_takes_no_token_is_asked_twice_only(
    backend: HttpBackend, foreign: Foreign
) -> None:
    """One renewal, then it is a matter for people."""
    foreign.always(401)
    assert await backend.create(REQUEST) == NotSent(NotSentCause.NOT_AUTHORISED)
    assert (len(foreign.received), foreign.token_calls) == (2, 2)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_wrong_credentials_are_said_to_be_wrong(
    backend: HttpBackend, foreign: Foreign, status: int
) -> None:
    """Nothing is sent."""
    foreign.token_status = status
    assert await backend.create(REQUEST) == NotSent(NotSentCause.CREDENTIALS_REFUSED)
    assert await backend.prepare() == NotSent(NotSentCause.CREDENTIALS_REFUSED)
    assert foreign.received == []


@pytest.mark.parametrize(
    "token",
    [
        None,
        [],
        {},
        {"access_token": 7},
        {"access_token": ""},
        {"access_token": "a\r\nX: y"},
        {"access_token": "ü"},
    ],
)
async def test_a_token_answer_without_a_token(backend: HttpBackend, foreign: Foreign, token: object) -> None:
    """Is as good as no answer, and nothing of it reaches a header."""
    foreign.token = token
    assert await backend.create(REQUEST) == NotSent(NotSentCause.TOKEN_UNAVAILABLE)


async def test_a_cancelled_call_does_not_take_the_renewal_along(
    server: TestServer, clock: Clock, foreign: Foreign
) -> None:
    """Others wait for the same token."""
    async with connected(server, clock) as backend:
        first = asyncio.create_task(backend.prepare())
        second = asyncio.create_task(backend.prepare())
        await asyncio.sleep(0)
        first.cancel()
        assert await second is None
    assert foreign.token_calls == 1


async def test_nobody_listening_was_not_sent(server: TestServer, clock: Clock) -> None:
    """A refused connection has no effect; only a kept one that died leaves it open."""
    async with connected(server, clock) as backend, connected(server, clock) as fresh:
        await backend.prepare()
        await server.close()
        assert await backend.create(REQUEST) == Unknown(UnknownCause.CONNECTION_LOST)
        assert await backend.create(REQUEST) == NotSent(NotSentCause.CONNECT_FAILED)
        assert await fresh.create(REQUEST) == NotSent(NotSentCause.TOKEN_UNAVAILABLE)


async def test_waiting_for_a_free_connection_is_not_having_sent(
    server: TestServer, clock: Clock, foreign: Foreign
) -> None:
    """Time spent in our own queue says nothing about the target."""
    go_on = asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        await go_on.wait()
        return web.json_response(ACCOUNT)

    foreign.create = wait
    async with connected(server, clock, concurrency=1) as backend:
        await backend.prepare()
        calls = [asyncio.create_task(backend.create(REQUEST)) for _ in range(2)]
        [waited], [sent] = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        assert waited.result() == NotSent(NotSentCause.CONNECT_FAILED)
        go_on.set()
        assert isinstance(await sent, Created)
        assert len(foreign.received) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"tempAccount": []}',
        b'{"tempAccount": {"username": ""}}',
        b"\xff",
        b"[" * 100_000,
        b'{"tempAccount": {"username": 7}}',
        b'{"tempAccount": {"username": "a\\nb"}}',
        b"1" * 5_000_000,
    ],
)
async def test_a_success_nobody_can_read_is_unknown(
    backend: HttpBackend, foreign: Foreign, body: bytes
) -> None:
    """There may well be an account."""
    foreign.always(201, body)
    assert await backend.create(REQUEST) == Unknown(UnknownCause.MALFORMED_ANSWER)


@pytest.mark.parametrize(
    ("status", "body", "headers", "outcome"),
    [
        (400, '{"error": {"code": "BAD_EMAIL", "message": "No."}}', {}, Refused("BAD_EMAIL", "No.")),
        (400, '{"detail": "Not like this."}', {}, Refused("HTTP_400", "Not like this.")),
        (422, "<html>", {}, Refused("HTTP_422", "The account service answered 422.")),
        (
            403,
            '{"error": {"code": "PERSON_BLOCKED", "message": "No."}}',
            {},
            Refused("PERSON_BLOCKED", "No."),
        ),
        (403, "", {}, NotSent(NotSentCause.NOT_AUTHORISED)),
        (404, "", {}, NotSent(NotSentCause.MISCONFIGURED)),
        (405, "", {}, NotSent(NotSentCause.MISCONFIGURED)),
        (307, "", {"Location": "http://elsewhere.example/"}, NotSent(NotSentCause.MISCONFIGURED)),
        (408, "", {}, Unknown(UnknownCause.SERVER_ERROR)),
        (409, "", {}, Exists(None)),
        (429, "", {}, NotSent(NotSentCause.RATE_LIMITED)),
        (429, "", {"Retry-After": "soon"}, NotSent(NotSentCause.RATE_LIMITED)),
        (429, "", {"Retry-After": "99999999"}, NotSent(NotSentCause.RATE_LIMITED, 3600.0)),
        (429, "", {"Retry-After": "Mon, 05 Jan 1970 00:00:00 GMT"}, NotSent(NotSentCause.RATE_LIMITED, 0.0)),
        (500, "", {}, Unknown(UnknownCause.SERVER_ERROR)),
        (502, "", {}, Unknown(UnknownCause.SERVER_ERROR)),
        (503, "", {}, Unknown(UnknownCause.SERVER_ERROR)),
        (503, "", {"Retry-After": "2"}, NotSent(NotSentCause.UNAVAILABLE, 2.0)),
        (504, "", {}, Unknown(UnknownCause.SERVER_ERROR)),
    ],
)
async def test_each_status_has_its_meaning(
    backend: HttpBackend, foreign: Foreign, status: int, body: str, headers: dict[str, str], outcome: object
) -> None:
    """Only what says no to this account is a refusal; what says no to everybody is waited for."""
    foreign.always(status, body, **headers)
    assert await backend.create(REQUEST) == outcome


@pytest.mark.parametrize("answer", [b"[]", b"{}", b"null", b'[{"status": 201}, 3]', b"[1, 2, 3]"])
async def test_an_array_answered_askew(
    server: TestServer, clock: Clock, foreign: Foreign, answer: bytes
) -> None:
    """Every item without a readable outcome of its own is unknown."""
    foreign.always(200, answer)
    async with connected(server, clock, assume=Capabilities(arrays=2)) as backend:
        outcomes = await backend.create_many([REQUEST, REQUEST])
        assert outcomes == [Unknown(UnknownCause.MALFORMED_ANSWER)] * 2


@pytest.mark.parametrize("status", [400, 404, 413, 422])
async def test_an_array_refused_as_a_whole_refuses_nobody(
    server: TestServer, clock: Clock, foreign: Foreign, status: int
) -> None:
    """It says something about arrays, not about any account in it."""
    foreign.always(status, '{"error": {"code": "NO_ARRAYS", "message": "No."}}')
    async with connected(server, clock, assume=Capabilities(arrays=2)) as backend:
        assert await backend.create_many([REQUEST] * 2) == [NotSent(NotSentCause.MISCONFIGURED)] * 2


@pytest.mark.parametrize("username", ["", ".", ".."])
async def test_a_user_name_that_would_change_the_path_is_not_sent(
    backend: HttpBackend, username: str
) -> None:
    """Foreign names are foreign input."""
    assert isinstance(await backend.close(username), Refused)
