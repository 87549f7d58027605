"""Many accounts at once: by code, across a stop in the middle, while partitions move, with a dry run and refusals."""

import asyncio
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2

from deploy.account_service.launch import LaunchedService
from schemas.facts import AccountCreated, AccountFact, AccountRequested, AccountRetried
from services.provisioner.account import Erred, Ok
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.integration.provisioner.people import ACCOUNTS, person, remember
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until

REFUSED = Erred("REFUSED", 1, effect_unknown=False)
TAKEN = Erred("ADDRESS_TAKEN", 1, effect_unknown=False)


def _requests(count: int, **project: Any) -> list[AccountRequested]:
    course, import_id = project_snapshot(**project), uuid4()
    return [
        requested(course, f"p{row}@example.org", import_id=import_id, row=row) for row in range(1, count + 1)
    ]


async def _job(mari: httpx2.AsyncClient, uuid: str) -> dict[str, Any]:
    answer = await mari.get(f"/api/jobs/{uuid}/")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _finished(mari: httpx2.AsyncClient, uuid: str) -> bool:
    return (await _job(mari, uuid))["state"] == "finished"


def _created(outcomes: dict[UUID, list[AccountFact]]) -> int:
    return sum(isinstance(facts[-1], AccountCreated) for facts in outcomes.values())


async def test_thousands_are_retried_by_code_across_a_stop(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """Stopped in the middle of a part: what was decided stays, the rest follows, nothing twice, the others rest."""
    requests = _requests(3200)
    path = f"/api/course-imports/{requests[0].claim.import_id.hex}/retry/"
    async with start(concurrency=64) as provisioner, person(tables, provisioner) as mari:
        ids = await remember(provisioner, requests, [REFUSED] * 3000 + [TAKEN] * 200)
        counted = (await mari.post(path, params={"dry_run": "1"}, json={})).json()
        assert (counted["accounts"], counted["by_code"]) == (3200, {"REFUSED": 3000, "ADDRESS_TAKEN": 200})
        async with tables.transaction():
            # The last row of its partition: parts before it are decided, this one waits.
            await tables.execute("SELECT FROM accounts WHERE account_id = $1 FOR UPDATE", ids[2999])
            answer = await mari.post(path, json={"codes": ["REFUSED"], "reason": "the fault is gone"})
            assert (answer.status_code, answer.json()["accounts"]) == (202, 3000)
            uuid = answer.json()["job"]

            async def in_the_middle() -> bool:
                job = await _job(mari, uuid)
                return job["state"] == "running" and job["done"] >= 200

            await until(in_the_middle, "a part to be decided")
            await provisioner.tasks.cancel()
    async with start(concurrency=64) as provisioner, person(tables, provisioner) as mari:
        await until(lambda: _finished(mari, uuid), "the job to be finished")
        job = await _job(mari, uuid)
        assert (job["changed"], job["unchanged"], job["refused"], job["total"]) == (3000, 0, 0, 3000)
        assert (job["author"], job["reason"], job["codes"]) == ("mari", "the fault is gone", ["REFUSED"])
        outcomes = await log.wait_for(lambda found: _created(found) == 3000, within_s=60)
    assert set(outcomes) == set(ids[:3000])
    assert {tuple(map(type, facts)) for facts in outcomes.values()} == {(AccountRetried, AccountCreated)}
    assert len(created_for(account_service, requests[0].project)) == 3000


async def test_a_retry_reaches_whoever_owns_the_partition(
    start: Start, log: Log, tables: asyncpg.Connection
) -> None:
    """Asked of one copy while another takes half of the partitions: done once, or 503 and nothing was changed."""
    requests = _requests(30)

    async def retried(mari: httpx2.AsyncClient, account_id: UUID) -> None:
        while True:
            answer = await mari.post(f"{ACCOUNTS}/{account_id.hex}/retry/")
            if answer.status_code == 202:
                return
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2"), answer.text

    async with start() as one, person(tables, one) as mari:
        ids = await remember(one, requests, [REFUSED] * 30)
        first = asyncio.gather(*(retried(mari, account_id) for account_id in ids[:10]))
        async with start() as other:
            await first
            await until(lambda: _shared(one.consumer, other.consumer), "the partitions to be shared")
            await asyncio.gather(*(retried(mari, account_id) for account_id in ids[10:]))
            outcomes = await log.wait_for(lambda found: _created(found) == 30)
    assert Counter(type(f) for facts in outcomes.values() for f in facts) == {
        AccountRetried: 30,
        AccountCreated: 30,
    }


async def _shared(*consumers: Any) -> bool:
    return all(consumer.ready and len(consumer.partitions) == 6 for consumer in consumers)


async def test_a_job_says_what_it_would_do_what_it_did_and_what_it_could_not(
    start: Start, tables: asyncpg.Connection
) -> None:
    """A dry run by state; accounts by name; refusals page by page; the same key once; the list; no nonsense."""
    over = _requests(3, end_date=date(2020, 1, 1))
    running = _requests(4)
    unknown = uuid4()
    async with start() as provisioner, person(tables, provisioner) as mari:
        late = await remember(provisioner, over, [REFUSED] * 3)
        here = await remember(provisioner, running, [Ok("a"), Ok("b"), REFUSED, TAKEN])
        project = running[0].project.project_id
        order: dict[str, Any] = {"action": "close", "project": project.hex, "reason": "no course"}
        counted = await mari.post("/api/jobs/", json={**order, "dry_run": True})
        assert counted.json() == {
            "dry_run": True,
            "action": "close",
            "accounts": 4,
            "by_state": {"ok": 2, "erred": 2},
            "by_code": {"REFUSED": 1, "ADDRESS_TAKEN": 1},
        }
        assert (await mari.get("/api/jobs/")).json() == {"results": [], "next": None}
        key = {"Idempotency-Key": "once"}
        closed = await mari.post("/api/jobs/", json={**order, "codes": ["REFUSED"]}, headers=key)
        assert closed.json()["accounts"] == 1
        for _ in range(2):
            again = await mari.post("/api/jobs/", json={**order, "codes": ["REFUSED"]}, headers=key)
            assert again.json() == closed.json()
            # As if the process had died before the answer was kept: the job still knows its key.
            await tables.execute("DELETE FROM access.idempotency")

        other = await mari.post("/api/jobs/", json={**order, "codes": ["ANOTHER"]}, headers=key)
        assert (other.json()["accounts"], other.json()["job"] == closed.json()["job"]) == (0, False)

        named = [i.hex for i in [*late, here[0], here[3], unknown]]
        answer = await mari.post("/api/jobs/", json={"action": "retry", "accounts": named})
        uuid = answer.json()["job"]
        assert answer.headers["Location"] == f"/api/jobs/{uuid}/"
        job = await _job(mari, uuid)
        assert (job["state"], job["total"], job["changed"], job["refused"]) == ("finished", 6, 1, 5)
        refusals: list[dict[str, Any]] = []
        link = f"/api/jobs/{uuid}/refusals?page_size=2"
        while link:
            page = (await mari.get(link)).json()
            refusals, link = refusals + page["results"], page["next"]
        assert {r["account_uuid"]: r["code"] for r in refusals} == {
            **{i.hex: "COURSE_ENDED" for i in late},
            here[0].hex: "ACCOUNT_OK",
            unknown.hex: "ACCOUNT_UNKNOWN",
        }
        assert {r["email"] for r in refusals} == {None, *(r.personal.email for r in [*over, running[0]])}
        assert all(r["message"] for r in refusals)
        cancelled = await mari.post(f"/api/jobs/{uuid}/cancel/")
        assert (cancelled.status_code, cancelled.json()["code"]) == (409, "JOB_OVER")

        newest = (await mari.get("/api/jobs?page_size=1")).json()
        older = (await mari.get(newest["next"].replace("page_size=1", "page_size=2"))).json()
        assert [j["uuid"] for j in newest["results"] + older["results"]] == [
            uuid,
            *(one.json()["job"] for one in (other, closed)),
        ]
        assert older["next"] is None

        rows = {"action": "retry", "project": project.hex, "rows": [1]}
        for body in (
            {},
            {"action": "close"},
            {**order, "accounts": [here[0].hex]},
            {**order, "more": 1},
            rows,
        ):
            assert (await mari.post("/api/jobs/", json=body)).status_code == 400
        assert (await mari.post("/api/jobs/", content=b" " * 300_000)).status_code == 413
        nowhere = [
            ("POST", f"/api/course-imports/{uuid4()}/retry/"),
            ("GET", f"/api/jobs/{uuid4()}/"),
            ("POST", f"/api/jobs/{uuid4()}/cancel/"),
            ("GET", "/api/jobs/nonsense/refusals/"),
        ]
        for method, path in nowhere:
            assert (await mari.request(method, path)).status_code == 404
        assert (await mari.get("/api/jobs?cursor=nonsense")).status_code == 400
