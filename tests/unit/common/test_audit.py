"""What is written down of a request that changed something."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.access.audit import Audit, objects_of
from services.common.access.principal import Principal
from services.common.http.auditing import Auditing, tell_audit
from services.common.http.guard import PRINCIPAL

A, B, C = (UUID(int=number) for number in (10, 11, 12))


class Trail(Audit):
    """Keeps entries in memory, or cannot be reached."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.away = False

    async def record(self, principal: Principal, action: str, **more: Any) -> None:
        """Note it."""
        if self.away:
            raise TimeoutError
        self.entries.append({"user": principal.user_id, "action": action, **more})


class AsSam:
    """Stands for the guard."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sam is asking."""
        if scope["type"] == "http":
            scope[PRINCIPAL] = (
                Principal("sam", credential="t-1") if b"sam" in dict(scope["headers"]) else None
            )
            scope["request_id"] = "r-1"
        await self._app(scope, receive, send)


@pytest.fixture
def trail() -> Trail:
    """Empty."""
    return Trail()


@pytest.fixture
async def client(trail: Trail) -> AsyncIterator[httpx2.AsyncClient]:
    """Of an application with a few deeds."""
    app = FastAPI()

    @app.post("/things/{uuid}/rows/{row}/", operation_id="change_row")
    async def change(uuid: UUID, row: int, status: int = 200) -> Response:
        return JSONResponse({}, status, headers={"Location": f"/api/jobs/{C.hex}/"})

    @app.delete("/things/{uuid}/")
    async def remove(request: Request, uuid: str, dry: bool = False) -> None:
        tell_audit(request, project_id=B, objects=(C, "ada@example.org"), nothing_changed=dry)

    @app.post("/session/", operation_id="sign_in")
    async def sign_in(request: Request) -> None:
        tell_audit(request, principal=Principal("uma"))

    @app.get("/things/")
    async def read() -> None:
        pass

    app.add_middleware(Auditing, audit=trail)
    app.add_middleware(AsSam)
    headers = {"sam": "yes"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://test", headers=headers
    ) as client:
        yield client


async def test_a_change(client: httpx2.AsyncClient, trail: Trail) -> None:
    """The operation, the ids of its path, and that of what it made; status and request."""
    await client.post(f"/things/{A}/rows/3/", json={"email": "ada@example.org"})
    assert trail.entries == [
        {
            "user": "sam",
            "action": "change_row",
            "objects": [A.hex, "row/3", C.hex],
            "project_id": None,
            "status": 200,
            "request_id": "r-1",
        }
    ]


async def test_what_an_endpoint_adds(client: httpx2.AsyncClient, trail: Trail) -> None:
    """Project and further ids; nothing that may be an address, whoever says it. A route without an id by its name."""
    await client.delete(f"/things/{A.hex}/")
    (entry,) = trail.entries
    assert (entry["action"], entry["project_id"], entry["objects"]) == ("remove", B, [A.hex, C.hex])


async def test_who_signs_in(client: httpx2.AsyncClient, trail: Trail) -> None:
    """Is known only afterwards."""
    await client.post("/session/", headers={"sam": "yes"})
    assert [entry["user"] for entry in trail.entries] == ["uma"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/things/"),
        ("POST", f"/things/{A}/rows/3/?status=409"),
        ("POST", f"/things/{A}/rows/three/"),
        ("DELETE", f"/things/{A.hex}/?dry=1"),
        ("POST", "/nothing/"),
    ],
)
async def test_what_is_no_deed(client: httpx2.AsyncClient, trail: Trail, method: str, path: str) -> None:
    """Reading, refusals, what an endpoint calls a dry run."""
    await client.request(method, path)
    assert trail.entries == []


async def test_a_parameter_that_a_route_does_not_know(client: httpx2.AsyncClient, trail: Trail) -> None:
    """Hides nothing: only the endpoint can say that nothing was done."""
    await client.post(f"/things/{A}/rows/3/?dry_run=1")
    await client.delete(f"/things/{A.hex}/?dry_run=1")
    assert [entry["action"] for entry in trail.entries] == ["change_row", "remove"]


async def test_a_trail_that_is_away_holds_nothing_back(client: httpx2.AsyncClient, trail: Trail) -> None:
    """It is done, and answered."""
    trail.away = True
    assert (await client.post(f"/things/{A}/rows/3/")).status_code == 200


def test_only_what_is_harmless_is_kept() -> None:
    """Ids in one spelling, words of harmless characters, and not too many of them."""
    assert objects_of({"uuid": str(A), "name": "a b", "code": "REFUSED"}, None, ["x@y", "log~3~17", A.hex]) == [
        A.hex, "REFUSED", "log~3~17",
    ]  # fmt: skip
    assert len(objects_of({}, None, [UUID(int=n).hex for n in range(99)])) == 50
