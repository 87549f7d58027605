"""Every route of the projector × everybody × our course and another one: what is seen, and that nothing else is."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp
import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from services.common.database import Pool
from services.projector.parking import parked_of
from services.projector.push.wiring import short_way
from services.projector.replay.api import router as replay_router
from services.projector.replay.commands import Replays
from services.projector.web.other_sets import OTHER_SET
from tests.integration.projector.a_course import ACCOUNTS, every
from tests.integration.projector.serving import serving
from tests.integration.projector.support import application, client_of
from tests.integration.projector.two_courses import MEMBERS, OURS, THEIRS, TOKENS, ask, at, told, two_courses
from tests.support.waiting import until

Kind = Literal["one", "list", "staff"]
IMPORTS = "/api/course-imports/"
ENDLESS = f"{IMPORTS}{{uuid}}/events/"

ROUTES: dict[tuple[str, str], Kind] = {
    ("GET", ACCOUNTS): "list",
    ("HEAD", ACCOUNTS): "list",
    ("GET", f"{ACCOUNTS}export.csv"): "list",
    ("GET", f"{ACCOUNTS}{{uuid}}/"): "one",
    ("GET", f"{ACCOUNTS}{{uuid}}/history/"): "one",
    ("GET", IMPORTS): "list",
    ("GET", f"{IMPORTS}{{uuid}}/"): "one",
    ("GET", f"{IMPORTS}{{uuid}}/rows/"): "one",
    ("GET", f"{IMPORTS}{{uuid}}/rows/{{row}}/"): "one",
    ("GET", f"{IMPORTS}{{uuid}}/failures.csv"): "one",
    ("GET", f"{IMPORTS}{{uuid}}/accounts.csv"): "one",
    ("GET", f"{IMPORTS}{{uuid}}/rows.csv"): "one",
    ("GET", ENDLESS): "one",
    ("GET", "/api/course-projects/"): "list",
    ("GET", "/api/course-projects/{uuid}/"): "one",
    ("GET", "/api/waiting/"): "staff",
    ("GET", "/api/read-models/"): "staff",
    **{("GET", path): "staff" for path in ("/api/replays/", "/api/replays/{uuid}/")},
    ("POST", "/api/replays/"): "staff",
    **{
        ("POST", f"/api/replays/{{uuid}}/{command}/"): "staff"
        for command in ("cancel", "compare", "swap", "roll-back", "clean-up")
    },
}
"""What is decided for every route; those about parked records are of staff altogether."""


@pytest.fixture
async def served(pool: Pool, admin: Pool) -> FastAPI:
    """The application with all its routes, over two courses."""
    await two_courses(pool, admin)

    async def redrive(_: Any) -> None:
        raise AssertionError("nobody of these may")

    now = lambda: datetime.now(UTC)  # noqa: E731
    more = [replay_router(Replays(pool, {}, clock=now)), parked_of(pool, redrive, now=now).router]
    return await application(pool, admin, more=more)


def routes_of(served: FastAPI) -> Iterator[tuple[str, str, APIRoute]]:
    """Method, path and route of everything that is served under `/api/`."""
    for included in served.routes:
        for route in included.effective_route_contexts():  # type: ignore[attr-defined]
            if route.path.startswith("/api/"):
                for method in route.methods:
                    yield method, route.path, route


async def test_every_route_is_decided_on(served: FastAPI) -> None:
    """A new one fails here until it is in the table; one that is gone does, too."""
    there = {(method, path) for method, path, _ in routes_of(served) if "/parked/" not in path}
    assert there == set(ROUTES)


async def test_everybody_at_every_route(served: FastAPI) -> None:
    """401 without a good token; of another course nothing exists; operators' routes are for staff."""
    parked = {(method, path): "staff" for method, path, _ in routes_of(served) if "/parked/" in path}
    wrong = []
    async with client_of(served) as http:
        for (method, path), kind in {**ROUTES, **parked}.items():
            for role in TOKENS:
                for project_id in (OURS, THEIRS):
                    expected = _expected(kind, role, project_id is OURS)
                    if expected is None or (path == ENDLESS and expected == 200):
                        continue
                    answer = await ask(
                        http, role, method, re.sub(r"\{(?!uuid|row)\w+\}", "x", at(path, project_id))
                    )
                    if answer.status_code != expected:
                        wrong.append(f"{method} {path} {role}: {answer.status_code}, not {expected}")
    assert wrong == []


def _expected(kind: str, role: str, ours: bool) -> int | None:
    if role in ("nobody", "bad token"):
        return 401
    if kind == "staff":
        return None if role == "staff" else 403
    if kind == "list" or role == "staff":
        return 200
    return 200 if ours and role in MEMBERS else 404


@pytest.mark.parametrize("role", [*MEMBERS, "outsider"])
async def test_no_answer_tells_of_another_course(served: FastAPI, role: str) -> None:
    """Whatever is asked, with whatever filter: no name, id, address, count or place of theirs is in any answer."""
    visible = set() if role == "outsider" else {OURS}
    async with client_of(served) as http:
        for (method, path), kind in ROUTES.items():
            for project_id in (OURS, THEIRS):
                if path == ENDLESS and project_id is OURS and visible:
                    continue
                answer = await ask(http, role, method, at(path, project_id))
                text = f"{answer.headers} {answer.text}"
                assert told(text) <= visible, path
                if kind == "list" and method == "GET":
                    assert told(text) == visible, path
        for query, number in _QUERIES.items():
            expected = str(number if visible else 0)
            for method in ("GET", "HEAD"):
                answer = await ask(http, role, method, f"{ACCOUNTS}?{query}")
                assert (answer.status_code, answer.headers["x-result-count"]) == (200, expected), query
                assert told(f"{answer.headers} {answer.text}".replace(query, "")) <= visible, query
        http.headers["authorization"] = f"Token {TOKENS[role]}"
        listed = await every(http, f"{IMPORTS}?page_size=1")
        assert {one["project_uuid"] for one in listed} == {project_id.hex for project_id in visible}
        for query in (f"project={THEIRS.hex}", "state=running&page_size=1", "author=manager"):
            assert told((await http.get(f"{IMPORTS}?{query}")).text) <= visible
        projects = await every(http, "/api/course-projects/?page_size=1")
        assert [one["uuid"] for one in projects] == [project_id.hex for project_id in visible]
        named = await every(http, "/api/course-projects/?page_size=1&kind=course&text=o")
        assert {one["uuid"] for one in named} <= {project_id.hex for project_id in visible}
        theirs = await http.get(f"{ACCOUNTS}export.csv?project_uuid={THEIRS}")
        assert len(theirs.text.splitlines()) == 1


_QUERIES = {
    "": 3,
    "page_size=1&o=email": 3,
    "o=project_name,state": 3,
    "o=-modified": 3,
    "email=example.org": 3,
    "email=eve@": 0,
    "email=E&o=username": 3,
    "state=Erred": 1,
    "state=Erred&email=example": 1,
    "username=u-ann": 1,
    "project_end_date_after=2020-01-01": 3,
    f"project_uuid={THEIRS.hex}": 0,
    f"project_uuid={THEIRS.hex}&error_code=REFUSED": 0,
    f"project_uuid={OURS}&state=OK&o=state": 1,
}
"""What a member of our course asks of the list, and how many accounts fit."""


async def test_answers_of_one_thing_do_not_say_whether_it_is_there(served: FastAPI) -> None:
    """What is another course's, and what nowhere is, are answered with the same words."""
    async with client_of(served) as http:
        for (method, path), kind in ROUTES.items():
            if kind == "one":
                theirs = await ask(http, "manager", method, at(path, THEIRS))
                nowhere = await ask(
                    http, "manager", method, path.replace("{uuid}", "0" * 32).replace("{row}", "1")
                )
                assert _words(theirs) == _words(nowhere), path


def _words(answer: httpx2.Response) -> dict[str, Any]:
    return {**answer.json(), "request_id": ""}


async def test_another_set_is_for_staff(served: FastAPI) -> None:
    """Who names a set has to be staff, also on the short way; the mark is in the scope that the switch hands on."""
    behind = short_way(served)

    async def as_the_switch(scope: Any, receive: Any, send: Any) -> None:
        await behind({**scope, OTHER_SET: True}, receive, send)

    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=as_the_switch), base_url="http://front.example"
    ) as http:
        for path in (at(f"{IMPORTS}{{uuid}}/", OURS), IMPORTS, ACCOUNTS):
            for _ in range(2):  # the second time the token is known, so that the short way could be taken
                seen = {role: (await ask(http, role, "GET", path)).status_code for role in TOKENS}
                assert seen == dict.fromkeys(("nobody", "bad token"), 401) | dict.fromkeys(
                    ("outsider", *MEMBERS), 403
                ) | {"staff": 200}


async def test_every_answer_is_as_the_document_says(served: FastAPI) -> None:
    """Real answers, read strictly by the models of the document: no field more, none less, no other type."""
    checked = 0
    async with client_of(served) as http:
        for method, path, route in routes_of(served):
            if "/parked/" in path or "/replays/" in path or method == "HEAD" or path == ENDLESS:
                continue
            answer = await ask(http, "staff", method, at(path, OURS))
            described = route.responses[200]
            if "model" in described:
                TypeAdapter(described["model"]).validate_json(answer.content, strict=True)
                checked += 1
            else:
                (kind,) = described["content"]
                assert answer.headers["content-type"].startswith(kind), path
                header, *_ = described["content"][kind]["example"].splitlines()
                assert answer.text.splitlines()[0] == header, path
            for name in described.get("headers", {}):
                assert name in answer.headers, f"{path} {name}"
    assert checked == 11


async def test_a_long_poll_ends_with_the_role(
    served: FastAPI, admin: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits is asked for again; the role that was taken away meanwhile makes it 404."""
    monkeypatch.setattr("services.projector.import_progress.api.LOOK_AGAIN_S", 0.02)
    monkeypatch.setattr("services.common.access.tokens._CACHE_SECONDS", 0.0)
    path = f"{at(f'{IMPORTS}{{uuid}}/', OURS)}?wait=25&since=2000"
    async with client_of(served) as http:
        waiting = asyncio.create_task(ask(http, "manager", "GET", path))
        longer = asyncio.create_task(ask(http, "owner", "GET", path))
        await until(lambda: _is(len(served.state.watch._waiting) == 2), "both to wait")
        await admin.execute("DELETE FROM access.project_roles WHERE user_id = 'manager'")
        async with asyncio.timeout(10):
            assert (await waiting).status_code == 404
        assert not longer.done()
        await admin.execute("UPDATE access.tokens SET revoked_at = now() WHERE user_id = 'owner'")
        async with asyncio.timeout(10):
            assert (await longer).status_code == 401


async def test_a_stream_of_events_ends_with_the_role(
    served: FastAPI, admin: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within two looks; who comes back finds nothing, and others are not disturbed."""
    monkeypatch.setattr("services.common.access.tokens._CACHE_SECONDS", 0.0)
    served.state.guard._every_s = 0.02
    path = at(ENDLESS, OURS)
    async with serving(served) as (url, _), aiohttp.ClientSession() as http:
        first, other = [
            await http.get(f"{url}{path}", headers={"Authorization": f"Token {TOKENS[role]}"})
            for role in ("manager", "owner")
        ]
        assert b"event: status" in await first.content.readuntil(b"data: ")
        await admin.execute("DELETE FROM access.project_roles WHERE user_id = 'manager'")
        async with asyncio.timeout(10):
            await first.read()
        assert (len(served.state.hub), first.content.at_eof(), other.content.at_eof()) == (1, True, False)
        again = await http.get(f"{url}{path}", headers={"Authorization": f"Token {TOKENS['manager']}"})
        assert again.status == 404
        other.close()


async def _is(condition: bool) -> bool:
    return condition
