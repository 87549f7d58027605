"""Requests and projects that were refused, seen, mended and taken once more: over HTTP, as operators do it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.codec import encode_project
from schemas.facts import AccountRequested, ImportAccepted
from schemas.projects import CourseProject
from services.common.database import Pool, open_pool
from services.common.records import Record
from tests.integration.importer.support import (
    COURSE,
    Running,
    Site,
    publish_projects,
    read_all,
    running,
    until,
)
from tests.integration.importer.test_cancel_and_undo import facts_of
from tests.integration.importer.test_requests import SOURCE, ask, letters, message, wish
from tests.support.parked import put
from tests.support.topics import Topics

PATH = "/api/parked/importer/"
NEW = replace(COURSE, project_id=UUID(int=99), name="New")


@pytest.fixture
async def topics(topic_factory: Topics) -> dict[str, str]:
    """Names of the topic that is asked on, and of the one that answers."""
    return {
        "requests_topic": await topic_factory(3, name="requests"),
        "dead_letters_topic": await topic_factory(3, name="dead"),
    }


async def listed(importer: Running, **query: Any) -> list[dict[str, Any]]:
    """Parked records."""
    answer = await importer.client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def redriven(importer: Running, **wanted: Any) -> dict[str, Any]:
    """A job about some records, once it is over."""
    ordered = await importer.client.post(f"{PATH}redrive/", json={"rate": 1000, "reason": "mended", **wanted})
    assert ordered.status_code == 202, ordered.text

    async def over() -> dict[str, Any] | None:
        job = (await importer.client.get(ordered.headers["Location"])).json()
        return dict(job) if job["state"] in ("finished", "cancelled") else None

    return dict(await until(over))


def came(job: dict[str, Any]) -> Sequence[int]:
    """What the records of a job came to: done, failed, passed."""
    return job["done"], job["failed"], job["passed"]


async def test_a_refused_request_is_taken_once_its_cause_is_mended(
    site: Site, topics: dict[str, str]
) -> None:
    """Under the event's own id, as one import, whoever sends it again meanwhile; no second dead letter is written."""
    event = uuid4()
    asked = message(wish(project=NEW.project_id), event_id=str(event))
    bad = message(wish(idempotency_key="b"))._replace(value=b'{"project": 3, "who": "ada@example.org"}')
    await ask(site, topics["requests_topic"], [asked, bad])
    allowed = {SOURCE: "*"}
    async with running(site, changes={**topics, "request_sources": allowed}) as importer:
        await letters(site, topics, 2)
        by_code = {one["code"]: one for one in await listed(importer)}
        assert set(by_code) == {"PROJECT_UNKNOWN", "BAD_FACT"}
        assert (by_code["PROJECT_UNKNOWN"]["event_id"], by_code["PROJECT_UNKNOWN"]["source"]) == (
            str(event),
            SOURCE,
        )
        again = await redriven(importer, all=True)
        assert came(again) == (0, 2, 0)
        failures = (await importer.client.get(f"{again['url']}failures/")).json()["results"]
        assert {one["code"] for one in failures} == {"PROJECT_UNKNOWN", "BAD_FACT"}

        await publish_projects(site, [NEW])
        marker = message(wish(project=NEW.project_id, idempotency_key="marker"))
        await ask(site, topics["requests_topic"], [marker])  # taken: the project is known

        async def known() -> bool:
            return bool(await facts_of(site, ImportAccepted))

        await until(known)
        mended = await redriven(importer, codes=["PROJECT_UNKNOWN"])
        assert came(mended) == (1, 0, 0)
        await ask(site, topics["requests_topic"], [asked])
        named = [by_code["PROJECT_UNKNOWN"]["id"]]
        assert came(await redriven(importer, records=named)) == (0, 0, 1)

        async def both() -> bool:
            return len(await facts_of(site, AccountRequested)) >= 4

        await until(both)
        shown = (await importer.client.get(f"{PATH}{named[0]}/")).json()
        assert (shown["state"], shown["tries"], shown["settled_by_job"]) == ("redriven", 2, mended["uuid"])
        history = sorted((past["outcome"], past["author"], past["reason"]) for past in shown["history"])
        assert history == [(outcome, "staff", "mended") for outcome in ("done", "failed", "passed")]
        [left] = await listed(importer)
        assert (left["code"], left["tries"]) == ("BAD_FACT", 1)
    accepted = [
        dict(raw.headers)["ce_causationid"]
        for raw in await read_all(site.kafka, site.log)
        if b"import-accepted" in (dict(raw.headers)["ce_type"] or b"")
    ]
    assert len(accepted) == 2
    assert str(event).encode() in accepted
    assert len(await read_all(site.kafka, topics["dead_letters_topic"])) == 2


async def test_a_project_that_comes_late_changes_nothing_that_is_newer(site: Site) -> None:
    """A redriven description counts only if its revision is higher; the newest one of all stays."""
    async with running(site) as importer:
        pool = await open_pool(site.dsn, name="tests", size=1, schema="importer")
        async with pool:
            for offset, revision, name in ((900, 3, "Third"), (901, 2, "Second")):
                late = replace(COURSE, revision=revision, name=name)
                await _park_project(site, pool, late, offset)
            assert came(await redriven(importer, codes=["BAD_FACT"])) == (2, 0, 0)
            known = await pool.fetchval(
                "SELECT project ->> 'name' FROM projects WHERE project_id = $1", COURSE.project_id
            )
    assert known == "Third"


async def test_looking_is_for_staff_and_orders_are_checked(site: Site) -> None:
    """Nobody else sees or changes anything; what is asked for must be plain."""
    async with running(site) as importer:
        member = {"Authorization": f"Token {site.member}"}
        for method, path in (
            ("GET", ""),
            ("GET", "a~0~1/"),
            ("GET", "jobs/"),
            ("POST", "redrive/"),
            ("POST", "drop/"),
        ):
            answer = await importer.client.request(method, f"{PATH}{path}", headers=member)
            assert answer.status_code == 403, path
        for body, code in (
            ({}, "WHICH_RECORDS"),
            ({"all": True, "codes": ["BAD_FACT"]}, "WHICH_RECORDS"),
            ({"all": True}, "REASON_MISSING"),
            ({"all": True, "limit": 0}, "BODY_INVALID"),
            ({"records": ["log~0~1"], "reason": "x"}, "NOT_FOUND"),
            ({"records": ["../x"], "reason": "x"}, "NOT_FOUND"),
        ):
            answer = await importer.client.post(f"{PATH}drop/", json=body)
            assert answer.json()["code"] == code, body
        counted = await importer.client.post(f"{PATH}redrive/", json={"all": True, "dry_run": True})
        assert counted.json() == {
            "dry_run": True,
            "action": "redrive",
            "found": 0,
            "records": 0,
            "by_code": {},
        }


async def _park_project(site: Site, pool: Pool, project: CourseProject, offset: int) -> None:
    encoded = encode_project(project, source="tests", time=datetime.now(UTC))
    record = Record(site.projects, 0, offset, 0, encoded.key, tuple(encoded.headers), encoded.value)
    await put(pool, [record], code="BAD_FACT")
