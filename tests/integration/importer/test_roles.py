"""Every route of the importer × everybody who may knock: what is done, what is refused, and what does not exist."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import httpx2
import pytest
from fastapi.routing import APIRoute

from services.importer.api.routers import documented
from tests.integration.importer.commanding import Screen, Told
from tests.integration.importer.people import ELSEWHERE, HERE, SIGNED_OUT, headers_of, tokens_of
from tests.integration.importer.support import COURSE, ENDS_TODAY, Running, Site, any_id, people, running

Kind = Literal["create", "course", "list", "anybody", "project", "end", "new project", "staff", "access"]
"""Who may.

create: 400 where the course is not seen. course: 404 there. list: left out there. project: written by staff alone.
end: moved by managers, too. access: has tests of its own; here only that one has to be signed in.
"""
DRAFTS, IMPORT, PROJECT = "/api/import-drafts/", "/api/course-imports/{uuid}/", "/api/course-projects/{uuid}/"
ACCOUNTS, PARKED = "/api/marketplace-course-accounts/", "/api/parked/importer/"

ROUTES: Final[dict[tuple[str, str], Kind]] = {
    ("POST", ACCOUNTS): "create",
    ("POST", f"{ACCOUNTS}create_bulk/"): "create",
    ("GET", f"{DRAFTS}limits/"): "anybody",
    ("GET", f"{DRAFTS}template.csv"): "anybody",
    ("POST", DRAFTS): "create",
    ("GET", DRAFTS): "list",
    ("GET", f"{DRAFTS}{{uuid}}/"): "course",
    ("PATCH", f"{DRAFTS}{{uuid}}/"): "course",
    ("GET", f"{DRAFTS}{{uuid}}/rows/"): "course",
    ("PATCH", f"{DRAFTS}{{uuid}}/rows/{{row}}/"): "course",
    ("POST", f"{DRAFTS}{{uuid}}/fix/"): "course",
    ("POST", f"{DRAFTS}{{uuid}}/submit/"): "course",
    ("POST", f"{IMPORT}cancel/"): "course",
    ("POST", f"{IMPORT}undo/"): "course",
    ("PATCH", f"{IMPORT}rows/{{row}}/"): "course",
    ("POST", "/api/course-projects/"): "new project",
    ("PUT", PROJECT): "project",
    ("PATCH", PROJECT): "end",
    ("DELETE", PROJECT): "project",
    ("GET", f"{PROJECT}record/"): "course",
    ("GET", PARKED): "staff",
    ("POST", f"{PARKED}redrive/"): "staff",
    ("POST", f"{PARKED}drop/"): "staff",
    ("GET", f"{PARKED}jobs/"): "staff",
    ("GET", f"{PARKED}jobs/{{uuid}}/"): "staff",
    ("GET", f"{PARKED}jobs/{{uuid}}/failures/"): "staff",
    ("POST", f"{PARKED}jobs/{{uuid}}/cancel/"): "staff",
    ("GET", f"{PARKED}{{record}}/"): "staff",
    ("GET", f"{PARKED}{{record}}"): "staff",
    ("GET", "/api/tokens/"): "access",
    ("POST", "/api/tokens/"): "access",
    ("GET", "/api/tokens/{uuid}/"): "access",
    ("DELETE", "/api/tokens/{uuid}/"): "access",
    ("GET", "/api/session/"): "access",
    ("POST", "/api/sign-ins/"): "access",
    ("GET", "/api/audit/"): "access",
}
OPEN: Final = {("POST", "/api/session/"), ("DELETE", "/api/session/")}
"""For those who are not signed in yet, or no longer."""
_END: Final = {"end_date": COURSE.end_date and COURSE.end_date.isoformat()}


@dataclass(frozen=True)
class World:
    """An importer with a draft and an import of the course, and everybody's token."""

    importer: Running
    tokens: Mapping[str, str]
    draft: str
    imported: str

    async def ask(self, person: str, method: str, path: str) -> httpx2.Response:
        """One request as it makes sense for its route; whoever may do it changes little."""
        uuid = COURSE.project_id.hex if path.startswith(PROJECT) else self.draft
        uuid = self.imported if path.startswith(IMPORT) else uuid
        url = path.replace("{uuid}", uuid).replace("{row}", "1").replace("{record}", "x-0-0")
        return await self.importer.client.request(
            method, url, headers=headers_of(self.tokens, person), json=_body(method, path)
        )


def _body(method: str, path: str) -> Any:
    project = COURSE.project_id.hex
    bodies: dict[tuple[str, str], Any] = {
        ("POST", ACCOUNTS): {"project": project, "email": "ada@example.org"},
        ("POST", f"{ACCOUNTS}create_bulk/"): {
            "project": project,
            "course_accounts": [{"email": "ada@example.org"}],
        },
        ("POST", DRAFTS): {"project": project, "accounts": [{"email": "ada@example.org"}]},
        ("PATCH", f"{DRAFTS}{{uuid}}/rows/{{row}}/"): {"description": "Group 2"},
        ("POST", f"{DRAFTS}{{uuid}}/fix/"): {"code": "KEEP_AS_IS"},
        ("POST", f"{DRAFTS}{{uuid}}/submit/"): {"preview_hash": "stale"},
        ("PATCH", f"{IMPORT}rows/{{row}}/"): {"description": "Group 2"},
        ("POST", "/api/course-projects/"): {"name": "Zoology", "uuid": project},
        ("PUT", PROJECT): {"name": ""},
        ("PATCH", PROJECT): _END,
        ("POST", f"{PARKED}redrive/"): {"records": ["nothing"]},
        ("POST", f"{PARKED}drop/"): {"records": ["nothing"]},
    }
    if method == "GET" or method == "DELETE":
        return None
    return bodies.get((method, path), {})


@pytest.fixture(scope="module")
async def world(shared_site: Site) -> AsyncIterator[World]:
    """One importer for the whole table."""
    tokens = await tokens_of(shared_site)
    async with running(shared_site, read_model=Screen(), provisioner=Told()) as importer:
        draft = await importer.preview(people(3))
        submitted = await importer.preview(people(3, start=10))
        assert (await importer.submit(submitted)).status_code == 202
        yield World(importer, tokens, draft["uuid"], submitted["uuid"])


def test_every_route_has_a_row() -> None:
    """A new route needs a decision: who may."""
    routes = {
        (method, route.path)
        for router in documented()
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
    assert routes == ROUTES.keys() | OPEN


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_who_is_not_signed_in_is_told_so(world: World, method: str, path: str) -> None:
    """Without a token, or with one that nobody knows: 401, whatever is there."""
    for person in SIGNED_OUT:
        answer = await world.ask(person, method, path)
        assert answer.status_code == 401, (person, answer.text)
        assert answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "kind"), [(*route, kind) for route, kind in ROUTES.items() if kind != "access"]
)
async def test_who_may_do_what(world: World, method: str, path: str, kind: Kind) -> None:
    """The table."""
    seen = {
        person: (await world.ask(person, method, path)).status_code
        for person in (*ELSEWHERE, "reader", *HERE)
        if not (kind == "project" and method == "DELETE" and person == "staff")  # has a test of its own
    }
    done = {person for person, status in seen.items() if status not in (401, 403, 404)}
    reads = method == "GET"
    hidden = {"create": 400, "course": 404, "project": 404, "end": 404, "new project": 403, "staff": 403}
    if kind in ("anybody", "list"):
        assert set(seen.values()) == {200}
        return
    for person in ELSEWHERE:
        assert seen[person] == hidden[kind], (person, seen)
    if kind == "staff":
        assert {seen["manager"], seen["owner"], seen["reader"]} == {403}
        assert seen["staff"] not in (401, 403)
        return
    assert seen["reader"] == (200 if reads else 403)
    if kind in ("project", "new project"):
        assert {seen["manager"], seen["owner"]} == {403} if method != "PUT" else {400, 403}
        assert seen.get("staff") not in (401, 403, 404)
    else:
        assert done >= set(HERE), seen
    assert not any(status >= 500 for status in seen.values()), seen


async def test_what_is_not_seen_is_not_there(world: World) -> None:
    """A course, a draft or an import of others is answered in the words of one that does not exist."""
    stranger = headers_of(world.tokens, "stranger")
    client = world.importer.client
    for path in (f"{DRAFTS}{{}}/", f"{DRAFTS}{{}}/rows/"):
        theirs = await client.get(path.format(world.draft), headers=stranger)
        nothing = await client.get(path.format(any_id()), headers=stranger)
        assert _words(theirs) == _words(nothing)
    for path in (f"{IMPORT}cancel/", f"{IMPORT}undo/"):
        theirs = await client.post(path.replace("{uuid}", world.imported), headers=stranger)
        nothing = await client.post(path.replace("{uuid}", any_id()), headers=stranger)
        assert _words(theirs) == _words(nothing)
    for method in ("PATCH", "PUT", "DELETE"):
        body = {"name": "x"} if method == "PUT" else _END
        more = {} if method == "DELETE" else {"json": body}
        theirs = await client.request(
            method, PROJECT.replace("{uuid}", COURSE.project_id.hex), headers=stranger, **more
        )
        nothing = await client.request(method, PROJECT.replace("{uuid}", any_id()), headers=stranger, **more)
        assert _words(theirs) == _words(nothing)
    asked = {"email": "ada@example.org"}
    theirs = await client.post(ACCOUNTS, headers=stranger, json={**asked, "project": COURSE.project_id.hex})
    nothing = await client.post(ACCOUNTS, headers=stranger, json={**asked, "project": any_id()})
    assert _words(theirs) == _words(nothing)


async def test_lists_hold_only_what_is_seen(world: World) -> None:
    """A manager finds the unfinished upload again; a stranger finds nothing of it, also when asking for the course."""
    client = world.importer.client
    manager, stranger = headers_of(world.tokens, "manager"), headers_of(world.tokens, "stranger")
    found = (await client.get(DRAFTS, headers=manager, params={"state": "previewed"})).json()["results"]
    assert world.draft in [draft["uuid"] for draft in found]
    for asked in ({}, {"project": COURSE.project_id.hex}):
        assert (await client.get(DRAFTS, headers=stranger, params=asked)).json()["results"] == []
    mine = await client.get(DRAFTS, headers=manager, params={"project": ENDS_TODAY.project_id.hex})
    assert mine.json() == {"results": [], "next": None}


def _words(answer: httpx2.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["code"], answer.json()["detail"]
