"""Manners all services share: problems, request ids, slashes, sign-in, health."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from services.common.access import Authenticator, NotAllowed, NotSignedIn, Principal
from services.common.database import MISTAKES
from services.common.http import HexId, Problem, create_app, signed_in, staff_only
from services.common.http.signin import internal_only

SECRET = "internal-secret-for-tests"


class Body(BaseModel):
    """Something sent."""

    rows: int


class Tokens(Authenticator):
    """Knows three tokens without a database."""

    pool = None

    def __init__(self) -> None:
        self._holders = {"staff": Principal("sam", staff=True), "user": Principal("uma", staff=False)}

    def known(self, authorization: str | None, cookie: str | None = None) -> None:
        """Nobody is known without a look."""

    async def principal(self, authorization: str | None) -> Principal:
        """The holder, or an outage for the token `away`."""
        token = (authorization or "").rpartition(" ")[2]
        if token == "away":
            raise TimeoutError
        if token not in self._holders:
            raise NotSignedIn
        return self._holders[token]


def routes() -> APIRouter:
    """One route for each thing that can happen."""
    router = APIRouter()

    @router.post("/api/things/")
    async def take(body: Body, page: int = 1) -> dict[str, int]:
        return {"rows": body.rows, "page": page}

    @router.get("/api/things/{thing}/")
    async def show(thing: HexId) -> dict[str, str]:
        return {"thing": thing.hex}

    @router.get("/api/files/failures.csv")
    async def file(request: Request) -> str:
        return request.url.path

    @router.get("/api/problem/")
    async def problem() -> None:
        raise Problem(
            409, "DRAFT_CHANGED", "Look again.", errors={"a": ["b"]}, headers={"ETag": '"7"'}, draft="d"
        )

    @router.get("/api/bug/")
    async def bug() -> None:
        raise RuntimeError("postgresql://user:hidden@host")

    @router.get("/api/away/")
    async def away() -> None:
        raise ConnectionResetError

    @router.get("/api/unsendable/")
    async def unsendable() -> None:
        raise MISTAKES[0]("a value that cannot be sent")

    @router.get("/api/forbidden/")
    async def forbidden() -> None:
        raise NotAllowed

    @router.get("/api/me/")
    async def me(principal: Principal = Depends(signed_in)) -> str:  # noqa: B008 - FastAPI's way
        return principal.user_id

    @router.get("/api/staff/", dependencies=[Depends(staff_only)])
    async def staff() -> str:
        return "ok"

    @router.get("/internal/thing/", dependencies=[Depends(internal_only)])
    async def internal() -> str:
        return "ok"

    return router


class Parts:
    """Parts of a service that may be unwell."""

    def __init__(self) -> None:
        self.unwell: Exception | None = None
        self.unready: Exception | None = None

    async def alive(self) -> None:
        """Raise what is wrong."""
        if self.unwell:
            raise self.unwell

    async def ready(self) -> None:
        """Raise what is missing."""
        if self.unready:
            raise self.unready


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Without the pretty traces of a logger that was never set up."""
    structlog.configure(processors=[structlog.processors.JSONRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture
def parts() -> Parts:
    """All well."""
    return Parts()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application with these routes."""
    app = create_app(
        "test",
        routers=[routes()],
        authenticator=Tokens(),
        internal_token=SECRET,
        alive={"tasks": parts.alive},
        ready={"postgres": parts.ready},
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def test_a_path_without_its_slash_is_the_same_path(client: httpx2.AsyncClient) -> None:
    """No redirect, which would lose the body; the query stays; names of files stay as they are."""
    for path in ("/api/things", "/api/things/"):
        answer = await client.post(path, params={"page": 2}, json={"rows": 3})
        assert (answer.status_code, answer.json()) == (200, {"rows": 3, "page": 2})
    assert (await client.get("/api/files/failures.csv")).json() == "/api/files/failures.csv"
    assert (await client.get("/internal/thing")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing/", 404, "NOT_FOUND"),
        ("DELETE", "/api/things/", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/away/", 503, "TEMPORARILY_UNAVAILABLE"),
        ("GET", "/api/me/", 401, "NOT_SIGNED_IN"),
        ("GET", "/api/forbidden/", 403, "NOT_ALLOWED"),
        ("GET", "/api/things/not-an-id/", 400, "INVALID_REQUEST"),
        ("GET", "/api/bug/", 500, "INTERNAL_ERROR"),
        ("GET", "/api/unsendable/", 500, "INTERNAL_ERROR"),
    ],
)
async def test_errors_are_problems(
    client: httpx2.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    """A stable code, a sentence, the request's id; never a trace or what stood in an exception."""
    answer = await client.request(method, path, headers={"X-Request-Id": "abc-1"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["code"], body["status"], body["request_id"]) == (code, status, "abc-1")
    assert body["type"] == f"urn:course-accounts:problem:{code.lower().replace('_', '-')}"
    assert body["detail"].endswith(".")
    assert "hidden" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_problem_says_all_it_was_given(client: httpx2.AsyncClient) -> None:
    """Errors by field, headers, and fields of its own."""
    answer = await client.get("/api/problem/")
    assert (answer.status_code, answer.headers["etag"]) == (409, '"7"')
    body = answer.json()
    assert (body["title"], body["errors"], body["draft"]) == ("Draft changed", {"a": ["b"]}, "d")


async def test_a_wrong_body_is_named_by_field_and_not_repeated(client: httpx2.AsyncClient) -> None:
    """Where, and what is wrong; what was sent may be personal."""
    answer = await client.post("/api/things/", json={"rows": "anna@example.org"})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["rows"]
    assert "anna" not in answer.text


async def test_an_outage_says_when_to_come_back(client: httpx2.AsyncClient) -> None:
    """Also when it is the token that cannot be looked up."""
    for answer in (
        await client.get("/api/away/"),
        await client.get("/api/me/", headers={"Authorization": "Token away"}),
    ):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("sent", ["", "a" * 65, "line\tbreak", "é"])
async def test_every_answer_has_a_request_id(client: httpx2.AsyncClient, sent: str) -> None:
    """The caller's, if it is one; else one of our own, new each time."""
    headers = {"X-Request-Id": sent.encode("latin-1")}
    ids = {(await client.get("/healthz", headers=headers)).headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2
    assert sent not in ids


async def test_sign_in(client: httpx2.AsyncClient) -> None:
    """Who has no token is told how to send one; who is no staff is not let in."""
    user, staff = ({"Authorization": f"Token {name}"} for name in ("user", "staff"))
    assert (await client.get("/api/me/")).headers["www-authenticate"] == "Token"
    assert (await client.get("/api/me/", headers=user)).json() == "uma"
    assert (await client.get("/api/staff/", headers=user)).status_code == 403
    assert (await client.get("/api/staff/", headers=staff)).status_code == 200


@pytest.mark.parametrize(
    ("authorization", "status"),
    [(f"Bearer {SECRET}", 200), (f"Token {SECRET}", 401), ("Bearer ", 401), ("Bearer é", 401), (None, 401)],
)
async def test_internal_paths_are_for_our_services(
    client: httpx2.AsyncClient, authorization: str | None, status: int
) -> None:
    """The shared secret, exactly; a user's token is of no use there."""
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
    assert (await client.get("/internal/thing/", headers=headers)).status_code == status


async def test_health_names_each_part(client: httpx2.AsyncClient, parts: Parts) -> None:
    """Unready is not unwell; unwell is both."""
    assert (await client.get("/readyz")).json()["ok"] is True
    parts.unready = TimeoutError()
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["postgres"] == {"ok": False, "reason": "TimeoutError"}
    assert answer.json()["parts"]["tasks"]["ok"] is True
    assert (await client.get("/healthz")).status_code == 200
    parts.unwell = RuntimeError("the relay ended")
    for path in ("/healthz", "/readyz"):
        answer = await client.get(path)
        assert answer.status_code == 503
        assert answer.json()["parts"]["tasks"] == {"ok": False, "reason": "the relay ended"}


async def test_metrics_count_answers_without_paths(client: httpx2.AsyncClient) -> None:
    """By method and class of status: paths hold ids."""
    await client.get("/api/things/0123456789abcdef0123456789abcdef/")
    await client.request("BREW", "/api/things/")
    text = (await client.get("/metrics")).text
    assert 'course_accounts_http_requests_total{method="GET",status="2xx"}' in text
    assert 'method="other"' in text
    assert "0123456789abcdef" not in text
