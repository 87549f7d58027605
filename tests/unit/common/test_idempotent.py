"""`Idempotency-Key` in front of an application, over a table in memory with the rules of the real one."""

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import TypeAdapter, ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.access.idempotency import Attempt, Begun, Body, Idempotency, Kept, Started, judge, packed
from services.common.access.principal import Principal
from services.common.http.guard import PRINCIPAL
from services.common.http.idempotent import Idempotent, keep_no_answer, repeat_below
from services.common.http.problems import Problem, install_problem_handlers
from services.common.http.repeated import LONGEST_KEY, checked
from services.common.parked.api_parameters import Key as ParkedKey
from services.importer.api.accounts import Key as ImporterKey
from services.provisioner.api.parameters import Key as ProvisionerKey

KEY = {"Idempotency-Key": "k-1"}


@pytest.mark.parametrize("key", [ParkedKey, ProvisionerKey, ImporterKey])
def test_a_key_is_as_long_wherever_it_is_taken(key: Any) -> None:
    """What goes through this layer is not refused behind it."""
    longest = "k" * LONGEST_KEY
    assert checked([longest]) == TypeAdapter(key).validate_python(longest) == longest
    with pytest.raises(Problem):
        checked([f"{longest}k"])
    with pytest.raises(ValidationError):
        TypeAdapter(key).validate_python(f"{longest}k")


class Table(Idempotency):
    """Keys in memory; a lease runs out when `dead` says so."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.dead = False
        self.renewed = asyncio.Event()
        self.away = False

    async def begin(self, attempt: Attempt, line: bytes, *, lease_s: float) -> Begun:
        """As the table would."""
        self._reach()
        found = self.rows.get((attempt.user_id, attempt.key))
        if found is None or (self.dead and not found["finished"] and found["line_hash"] == line):
            self.rows[attempt.user_id, attempt.key] = {
                "line_hash": line, "finished": False, "attempt": attempt.id, "lease_s": lease_s,
            }  # fmt: skip
            return Started()
        return judge(found, line)

    async def renew(self, attempt: Attempt, *, lease_s: float) -> None:
        """Note it."""
        self.renewed.set()

    async def finish(self, attempt: Attempt, body: Body, kept: Kept) -> None:
        """As the table would."""
        self._reach()
        found = self.rows[attempt.user_id, attempt.key]
        if found["attempt"] == attempt.id:
            found |= {
                "finished": True, "body_hash": body.sha256, "body_bytes": body.count, "body_whole": body.whole,
                "status": kept.status, "headers": orjson.dumps(list(kept.headers)).decode(), "answer": kept.content,
            }  # fmt: skip

    async def release(self, attempt: Attempt) -> None:
        """As the table would."""
        found = self.rows.get((attempt.user_id, attempt.key))
        if found is not None and found["attempt"] == attempt.id:
            del self.rows[attempt.user_id, attempt.key]

    def _reach(self) -> None:
        if self.away:
            raise TimeoutError


class Place:
    """An application that counts what it did, behind the layer, with a client of one person."""

    def __init__(self) -> None:
        self.table = Table()
        self.done: list[str] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.started = asyncio.Event()
        self.status = 201
        self.app = FastAPI()
        install_problem_handlers(self.app)
        self._routes()
        self.app.add_middleware(Idempotent, store=self.table, lease_s=0.03)
        self.app.add_middleware(SignedInAs)
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://test")

    def _routes(self) -> None:
        @self.app.post("/things/")
        async def make(request: Request) -> Response:
            body = await request.body()
            self.done.append(body.decode())
            self.started.set()
            await self.go_on.wait()
            headers = {"Location": "/things/7/", "Set-Cookie": "secret=1", "X-Read-Model": "behind"}
            return JSONResponse({"made": body.decode()}, self.status, headers)

        @self.app.post("/refused/")
        async def refused() -> None:
            self.done.append("refused")
            raise Problem(self.status, "NO", "Not like this.")

        @self.app.post("/bug/")
        async def bug() -> None:
            self.done.append("bug")
            raise RuntimeError("oops")

        @self.app.post("/long/")
        async def long() -> Response:
            self.done.append("long")

            async def pieces() -> Any:
                for _ in range(6):
                    yield b"x" * 1024 * 1024

            return StreamingResponse(pieces(), headers={"Location": "/things/8/"})

        @self.app.post("/secret/")
        async def secret(request: Request) -> dict[str, str]:
            self.done.append("secret")
            keep_no_answer(request)
            return {"token": "shown once"}

        @self.app.post("/below/")
        async def below(request: Request) -> int:
            self.done.append("below")
            repeat_below(request)
            return 1

        @self.app.get("/things/")
        async def read() -> int:
            self.done.append("read")
            return 1


class SignedInAs:
    """Stands for the guard: who is asking is in a header."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        if scope["type"] == "http":
            said = dict(scope["headers"]).get(b"x-user", b"sam").decode()
            scope[PRINCIPAL] = Principal(said) if said else None
        await self._app(scope, receive, send)


@pytest.fixture
def place() -> Place:
    """Nothing was asked yet."""
    return Place()


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


async def test_the_same_request_is_done_once_and_answered_as_it_was(place: Place) -> None:
    """Status, body and its headers; but no cookie, and with a sign that it is a repetition."""
    first, again = [await place.client.post("/things/", content=b"a", headers=KEY) for _ in range(2)]
    assert place.done == ["a"]
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, b'{"made":"a"}')
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (again.headers["location"], again.headers["x-read-model"]) == ("/things/7/", "behind")
    assert again.headers["idempotent-replayed"] == "true"
    assert "set-cookie" not in again.headers
    assert "idempotent-replayed" not in first.headers


@pytest.mark.parametrize(
    ("path", "content"), [("/things/", b"b"), ("/things/?x=1", b"a"), ("/refused/", b"a"), ("/things/", b"")]
)
async def test_another_request_is_refused(place: Place, path: str, content: bytes) -> None:
    """Whatever is different about it; and nothing is done."""
    await place.client.post("/things/", content=b"a", headers=KEY)
    answer = await place.client.post(path, content=content, headers=KEY)
    assert code(answer) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert place.done == ["a"]


async def test_keys_belong_to_people(place: Place) -> None:
    """Somebody else's key is another; and who is not signed in has none."""
    for user in ("sam", "uma", "", ""):
        await place.client.post("/things/", content=b"a", headers={**KEY, "X-User": user})
    assert place.done == ["a"] * 4


async def test_while_it_runs(place: Place) -> None:
    """The second has to come again, and is then answered; meanwhile the lease is renewed."""
    place.go_on.clear()
    first = asyncio.create_task(place.client.post("/things/", content=b"a", headers=KEY))
    await place.started.wait()
    second = await place.client.post("/things/", content=b"a", headers=KEY)
    assert code(second) == (409, "IDEMPOTENCY_KEY_IN_USE")
    assert int(second.headers["retry-after"]) >= 1
    await asyncio.wait_for(place.table.renewed.wait(), 5)
    place.go_on.set()
    assert (await first).status_code == 201
    assert (await place.client.post("/things/", content=b"a", headers=KEY)).json() == {"made": "a"}
    assert place.done == ["a"]


async def test_after_a_crash_it_is_taken_over(place: Place) -> None:
    """And the one that was thought dead, should it wake, keeps nothing."""
    place.go_on.clear()
    first = asyncio.create_task(place.client.post("/things/", content=b"a", headers=KEY))
    await place.started.wait()
    place.table.dead = True
    second = asyncio.create_task(place.client.post("/things/", content=b"a", headers=KEY))
    while len(place.done) < 2:
        await asyncio.sleep(0)
    place.table.dead = False
    owner = place.table.rows["sam", "k-1"]["attempt"]
    assert isinstance(owner, UUID)
    place.go_on.set()
    assert [answer.status_code for answer in await asyncio.gather(first, second)] == [201, 201]
    assert place.table.rows["sam", "k-1"]["attempt"] == owner
    assert place.done == ["a", "a"]


@pytest.mark.parametrize(
    ("status", "times"), [(401, 2), (429, 2), (500, 2), (503, 2), (400, 1), (404, 1), (409, 1)]
)
async def test_which_refusals_are_kept(place: Place, status: int, times: int) -> None:
    """Those of the moment are not: the same key may succeed later."""
    place.status = status
    for _ in range(2):
        answer = await place.client.post("/refused/", headers=KEY)
        assert code(answer) == (status, "NO")
    assert place.done == ["refused"] * times


async def test_a_mistake_of_ours_is_not_kept(place: Place) -> None:
    """The next try may find it mended."""
    for _ in range(2):
        assert (await place.client.post("/bug/", headers=KEY)).status_code == 500
    assert place.done == ["bug", "bug"]
    assert not place.table.rows


@pytest.mark.parametrize(("path", "location"), [("/long/", "/things/8/"), ("/secret/", None)])
async def test_answers_that_are_not_kept(place: Place, path: str, location: str | None) -> None:
    """Too long, or secret: given in full the first time; then it is said that the request was done, and where."""
    first = await place.client.post(path, headers=KEY)
    assert first.status_code == 200
    again = await place.client.post(path, headers=KEY)
    assert code(again) == (409, "IDEMPOTENCY_ANSWER_NOT_KEPT")
    assert again.json()["first_status"] == 200
    assert again.headers.get("location") == location
    assert len(place.done) == 1
    assert place.table.rows["sam", "k-1"]["answer"] is None


async def test_an_endpoint_that_can_answer_again_itself(place: Place) -> None:
    """Is asked again: it keeps the key with what it did."""
    for _ in range(2):
        assert (await place.client.post("/below/", headers=KEY)).status_code == 200
    assert place.done == ["below", "below"]
    assert not place.table.rows


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "tab\there", "é".encode()])
async def test_a_bad_key(place: Place, key: str | bytes) -> None:
    """Nothing is done under it."""
    answer = await place.client.post("/things/", headers={"Idempotency-Key": key})
    assert code(answer) == (400, "IDEMPOTENCY_KEY_INVALID")
    assert answer.json()["errors"].keys() == {"Idempotency-Key"}
    twice = await place.client.post("/things/", headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")])
    assert code(twice) == (400, "IDEMPOTENCY_KEY_INVALID")
    assert place.done == []


async def test_reading_takes_no_key(place: Place) -> None:
    """It may be repeated as it is."""
    for _ in range(2):
        assert (await place.client.get("/things/", headers=KEY)).status_code == 200
    assert not place.table.rows


async def test_when_the_table_is_away(place: Place) -> None:
    """Before the request: it is not begun. After it: it is answered all the same."""
    place.table.away = True
    assert (await place.client.post("/things/", content=b"a", headers=KEY)).status_code == 503
    assert place.done == []
    place.table.away = False
    place.go_on.clear()
    first = asyncio.create_task(place.client.post("/things/", content=b"a", headers=KEY))
    await place.started.wait()
    place.table.away = True
    place.go_on.set()
    assert (await first).status_code == 201


def test_short_answers_are_kept_as_they_are() -> None:
    """So that the table can be looked into."""
    assert packed(b"made") == b"pmade"
