"""Every route × everybody: who may, who may not (403), for whom there is nothing (404), who must sign in (401)."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from schemas.facts import ProjectSnapshot
from services.provisioner.account import Closing, Erred, Ok
from services.provisioner.api.orphans import NDJSON
from services.provisioner.api.routers import documented
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.people import ACCOUNTS, remember
from tests.integration.provisioner.roles import ROLES, Everybody, everybody
from tests.support.log import project_snapshot, requested

FAILED = Erred("REFUSED", 1, effect_unknown=False)
PARKED = "/api/parked/provisioner/"
EVERY_PARKED = {"all": True, "dry_run": True, "reason": "a test"}


@dataclass
class World:
    """What there is in our project: for each role an account to try again and one to close, an import, a job."""

    failed: dict[str, UUID]
    made: dict[str, UUID]
    project: ProjectSnapshot
    import_id: UUID
    job: str = ""


def changes(status: int) -> list[int]:
    """Only who manages the project, or staff, may; a token that may only read may not."""
    return [401, 401, 404, 404, 404, status, status, 403, status]


def staff(status: int) -> list[int]:
    """Only staff may, with a token for everything."""
    return [401, 401, 403, 403, 403, 403, 403, 403, status]


READS = [401, 401, 404, 404, 404, 200, 200, 200, 200]
LISTS = [401, 401, 200, 200, 200, 200, 200, 200, 200]
OURSELVES = [401] * len(ROLES)
"""Internal routes take no token of a person, not even of staff."""

Asked = tuple[str, dict[str, Any]]
"""A path, and what else the request has."""


def at(path: str, **more: Any) -> Callable[[World, str], Asked]:
    """The same for everybody; `{job}` is filled in."""
    return lambda world, _: (path.format(job=world.job), more)


TABLE: dict[str, tuple[list[int], Callable[[World, str], Asked]]] = {
    "POST /api/marketplace-course-accounts/{uuid}/retry/": (
        changes(202),
        lambda world, role: (f"{ACCOUNTS}/{world.failed[role].hex}/retry/", {}),
    ),
    "DELETE /api/marketplace-course-accounts/{uuid}/": (
        changes(202),
        lambda world, role: (f"{ACCOUNTS}/{world.made[role]}/", {}),
    ),
    "POST /api/course-imports/{uuid}/retry/": (
        changes(202),
        lambda world, _: (f"/api/course-imports/{world.import_id}/retry/", {"json": {}}),
    ),
    "GET /api/jobs/": (LISTS, at("/api/jobs/")),
    "POST /api/jobs/": (
        changes(202),
        lambda world, _: (
            "/api/jobs/",
            {"json": {"action": "close", "project": world.project.project_id.hex, "codes": ["NONE_HAS_IT"]}},
        ),
    ),
    "GET /api/jobs/{uuid}/": (READS, at("/api/jobs/{job}/")),
    "GET /api/jobs/{uuid}/refusals/": (READS, at("/api/jobs/{job}/refusals/")),
    "POST /api/jobs/{uuid}/cancel/": (changes(409), at("/api/jobs/{job}/cancel/")),
    "GET /api/unclosed-accounts/": (LISTS, at("/api/unclosed-accounts/")),
    "GET /api/target/": (staff(200), at("/api/target/")),
    "PATCH /api/target/": (staff(200), at("/api/target/", json={"rate": None})),
    "POST /api/target/pause/": (staff(200), at("/api/target/pause/", json={})),
    "POST /api/target/resume/": (staff(200), at("/api/target/resume/")),
    "GET /api/target/orphans/": (staff(200), at("/api/target/orphans/")),
    "GET /api/parked/provisioner/": (staff(200), at(PARKED)),
    "POST /api/parked/provisioner/redrive/": (staff(200), at(f"{PARKED}redrive/", json=EVERY_PARKED)),
    "POST /api/parked/provisioner/drop/": (staff(200), at(f"{PARKED}drop/", json=EVERY_PARKED)),
    "GET /api/parked/provisioner/jobs/": (staff(200), at(f"{PARKED}jobs/")),
    "GET /api/parked/provisioner/jobs/{uuid}/": (staff(404), at(f"{PARKED}jobs/{{job}}/")),
    "GET /api/parked/provisioner/jobs/{uuid}/failures/": (staff(404), at(f"{PARKED}jobs/{{job}}/failures/")),
    "POST /api/parked/provisioner/jobs/{uuid}/cancel/": (staff(404), at(f"{PARKED}jobs/{{job}}/cancel/")),
    "GET /api/parked/provisioner/{record}": (staff(404), at(f"{PARKED}log.v1~0~0")),
    "GET /api/parked/provisioner/{record}/": (staff(404), at(f"{PARKED}log.v1~0~0/")),
    "POST /internal/account-states/": (OURSELVES, at("/internal/account-states/")),
    "POST /internal/imports/{import_id}/stop/": (OURSELVES, at(f"/internal/imports/{uuid4()}/stop/")),
    "POST /internal/imports/{import_id}/release/": (OURSELVES, at(f"/internal/imports/{uuid4()}/release/")),
}


def routes() -> Iterator[tuple[str, APIRoute]]:
    """All routes of the provisioner, as the service puts them together."""
    for router in documented():
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield from ((f"{method} {route.path}", route) for method in sorted(route.methods))


async def test_every_route_lets_in_whom_it_should(start: Start, tables: asyncpg.Connection) -> None:
    """A route without a row fails; nothing happens to accounts of who may not; answers are as they are described."""
    known = dict(routes())
    assert set(known) == set(TABLE)
    ours, other = project_snapshot(), project_snapshot()
    many, one = uuid4(), uuid4()
    requests = [
        *(requested(ours, f"p{n}@example.org", import_id=many, row=n) for n in range(1, 2 * len(ROLES) + 1)),
        requested(ours, "one@example.org", import_id=one),
    ]
    async with (
        start() as provisioner,
        everybody(tables, provisioner, ours=[ours.project_id], elsewhere=other.project_id) as people,
    ):
        standings = [FAILED] * len(ROLES) + [Ok(f"ca-{n}") for n in range(len(ROLES))] + [FAILED]
        ids = await remember(provisioner, requests, standings)
        failed, made = ids[: len(ROLES)], ids[len(ROLES) : -1]
        world = World(dict(zip(ROLES, failed, strict=True)), dict(zip(ROLES, made, strict=True)), ours, one)
        ordered = await people.ask("staff", "POST", "/api/jobs/", json={"action": "close", "import": one.hex})
        world.job = ordered.json()["job"]

        async def check(name: str, role: str, expected: int) -> str | None:
            path, more = TABLE[name][1](world, role)
            answer = await people.ask(role, name.split()[0], path, **more)
            if answer.status_code != expected:
                return f"{name} as {role}: {answer.status_code} instead of {expected}: {answer.text[:300]}"
            described(known[name], answer)
            return None

        wrong = await asyncio.gather(
            *(
                check(name, role, status)
                for name, (statuses, _) in TABLE.items()
                for role, status in zip(ROLES, statuses, strict=True)
            )
        )
        assert [sentence for sentence in wrong if sentence] == []
        touched = {
            row["account_id"]
            for row in await tables.fetch("SELECT account_id FROM accounts WHERE version > 1")
        }
        deeds = {
            tuple(row) for row in await tables.fetch("SELECT user_id, action, project_id FROM access.audit")
        }
    may = {"manager", "owner", "staff"}
    assert touched == {ids[-1], *(owned[role] for owned in (world.failed, world.made) for role in may)}
    told = ("retry_account", "close_account", "retry_import", "create_job")
    assert {deed for deed in deeds if deed[1] in told} == {
        (role, action, ours.project_id) for role in may for action in told
    }
    assert not any("parked" in action for _, action, _ in deeds)


def described(route: APIRoute, answer: httpx2.Response) -> None:
    """An answer is a problem, or fits the model that the route declares for its status, to the field."""
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "code", "detail", "request_id"} <= answer.json().keys()
        return
    usual = answer.status_code == (route.status_code or 200)
    model = route.responses.get(answer.status_code, {}).get("model") or (usual and route.response_model)
    assert model, f"{route.path} does not say what it answers with {answer.status_code}"
    parts = [answer.content]
    if answer.headers["content-type"] == NDJSON:
        parts = answer.content.splitlines()
        assert b'"finished"' in parts[-1]
    for part in parts:
        TypeAdapter(model).validate_json(part, strict=True)


async def test_lists_and_orders_end_where_the_own_projects_end(
    start: Start, tables: asyncpg.Connection
) -> None:
    """What is not all visible does not exist: jobs of several projects, accounts of others, courses in the report."""
    first, second, other = (project_snapshot() for _ in range(3))
    requests = [
        requested(project, f"p{n}@example.org", import_id=uuid4())
        for n, project in enumerate((first, second, other))
    ]
    stuck = Closing("ca-stuck", 3, None, "CLOSE_REFUSED")
    async with (
        start() as provisioner,
        everybody(
            tables,
            provisioner,
            ours=[first.project_id, second.project_id],
            elsewhere=other.project_id,
        ) as people,
    ):
        here, there, elsewhere = (i.hex for i in await remember(provisioner, requests, [stuck] * 3))

        async def order(role: str, *accounts: str, dry_run: bool = False) -> httpx2.Response:
            body = {"action": "retry", "accounts": list(accounts), "dry_run": dry_run}
            return await people.ask(role, "POST", "/api/jobs/", json=body)

        refused = await asyncio.gather(
            order("manager", here, elsewhere),
            order("manager", elsewhere, dry_run=True),
            order("manager", here, uuid4().hex),
            order("elsewhere", here, elsewhere),
        )
        assert {(one.status_code, one.json()["code"], one.json()["detail"]) for one in refused} == {
            (404, "NOT_FOUND", "At least one of these accounts does not exist. Nothing was changed.")
        }
        ours = (await order("manager", here, there)).json()["job"]
        all_three = (await order("staff", here, there, elsewhere)).json()["job"]
        unknown = (await order("staff", here, uuid4().hex)).json()["job"]
        theirs = (await order("elsewhere", elsewhere)).json()["job"]
        assert await _jobs(people, "manager") == await _jobs(people, "reader") == [ours]
        assert await _jobs(people, "owner") == [ours]
        assert await _jobs(people, "elsewhere") == await _jobs(people, "narrowed staff") == [theirs]
        assert await _jobs(people, "outsider") == []
        assert await _jobs(people, "staff") == [theirs, unknown, all_three, ours]
        for uuid in (all_three, unknown, theirs):
            for path in (f"/api/jobs/{uuid}/", f"/api/jobs/{uuid}/refusals/"):
                assert (await people.ask("manager", "GET", path)).status_code == 404

        assert await _unclosed(people, "manager") == {here, there}
        assert await _unclosed(people, "elsewhere") == {elsewhere}
        assert await _unclosed(people, "outsider") == set()
        assert await _unclosed(people, "staff") == {here, there, elsewhere}
        assert await _unclosed(people, "owner", project=str(second.project_id)) == {there}
        assert await _unclosed(people, "owner", project=other.project_id.hex) == set()


async def _jobs(people: Everybody, role: str) -> list[str]:
    """All pages, one job each."""
    found, link = [], "/api/jobs/?page_size=1"
    while link:
        page = (await people.ask(role, "GET", link)).json()
        found += [job["uuid"] for job in page["results"]]
        link = page["next"]
    return found


async def _unclosed(people: Everybody, role: str, **only: str) -> set[str]:
    answer = (await people.ask(role, "GET", "/api/unclosed-accounts/", params=only)).json()
    assert answer["total"] == len(answer["results"])
    return {one["account_uuid"] for one in answer["results"]}
