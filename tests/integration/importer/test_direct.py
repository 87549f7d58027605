"""Asking for accounts as Waldur's clients do: one or many, once, readable at once, whatever is repeated or behind."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx2
import pytest
from pydantic import TypeAdapter

from schemas.facts import AccountRequested, ImportAccepted
from schemas.ids import account_id
from services.common.database import open_pool
from services.common.http.account_answer import CourseAccount
from services.importer.submission.retention import Retention
from tests.integration.importer.support import (
    COURSE,
    ENDED,
    ENDLESS,
    NO_COURSE,
    Clock,
    KnownAccounts,
    Running,
    Site,
    View,
    running,
)

ONE, MANY = "/api/marketplace-course-accounts/", "/api/marketplace-course-accounts/create_bulk/"
_ACCOUNTS = TypeAdapter(list[CourseAccount])


async def one(importer: Running, email: str = "ada@example.org", **more: Any) -> httpx2.Response:
    """Ask for one account."""
    headers = more.pop("headers", {})
    body = {"project": COURSE.project_id.hex, "email": email, **more}
    return await importer.client.post(ONE, json=body, headers=headers)


async def many(importer: Running, emails: Sequence[str], key: str | None = None) -> httpx2.Response:
    """Ask for many."""
    accounts = [{"email": email, "description": f"of {email}"} for email in emails]
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"project": str(COURSE.project_id), "course_accounts": accounts}
    return await importer.client.post(MANY, json=body, headers=headers)


def ids_of(*emails: str) -> list[str]:
    """The accounts of these addresses."""
    return [account_id(COURSE.project_id, email).hex for email in emails]


async def test_one_account_is_an_import(site: Site) -> None:
    """201, Pending, in Waldur's fields and no others; on the log as an import of the source api."""
    view = View()
    async with running(site, read_model=view) as importer:
        answer = await one(importer, " Ada@Example.org", description="Group 1")
        assert answer.status_code == 201, answer.text
        account = CourseAccount.model_validate(answer.json())
        assert answer.json().keys() == CourseAccount.model_fields.keys()
        assert [account.uuid] == ids_of("ada@example.org")
        assert (account.state, account.phase, account.username) == ("Pending", "queued", None)
        assert (account.email, account.description) == ("Ada@Example.org", "Group 1")
        assert (account.project_name, account.customer_name) == ("Algebra", "University of Examples")
        assert account.url == f"http://importer{ONE}{account.uuid}/"
    events = await site.events()
    [accepted] = [event.fact for _, _, event in events if isinstance(event.fact, ImportAccepted)]
    assert (accepted.import_id.hex, accepted.source, accepted.rows) == (answer.headers["x-import"], "api", 1)
    assert (accepted.author, accepted.choices.erred, accepted.choices.closed) == ("staff", "leave", "reopen")
    [(place, at)] = [(p, o) for p, o, event in events if isinstance(event.fact, AccountRequested)]
    assert (site.log, place, at) in view.asked


async def test_many_are_answered_in_the_order_given_each_once(site: Site) -> None:
    """Repeated addresses, also in other letters, create nothing twice; the write waits for every partition."""
    view = View()
    emails = [f"p{n}@example.org" for n in range(40)]
    async with running(site, read_model=view) as importer:
        answer = await many(importer, [*emails, "P3@example.org", "p0@EXAMPLE.ORG"])
        assert answer.status_code == 200, answer.text
        accounts = _ACCOUNTS.validate_python(answer.json())
        assert [account.uuid for account in accounts] == ids_of(*emails)
        assert {account.state for account in accounts} == {"Pending"}
        again = await many(importer, emails[:2])
        assert [account["uuid"] for account in again.json()] == ids_of(*emails[:2])
        status = await importer.draft(answer.headers["x-import"])
        assert (status["state"], status["source"], status["verdicts"]["duplicate"]) == ("submitted", "api", 2)
    requests = [(p, o) for p, o, event in await site.events() if isinstance(event.fact, AccountRequested)]
    assert len(requests) == 42
    last = {place: max(o for p, o in requests if p == place) for place, _ in requests}
    assert len(last) == 3
    assert {place for _, place, _ in view.asked} == set(last)


async def test_an_account_that_is_there_is_answered_as_it_stands(site: Site) -> None:
    """OK and Erred stay what they are; a closed one is made again, and so Pending."""
    ok, erred, closed = ids_of("ok@example.org", "erred@example.org", "closed@example.org")
    existing = KnownAccounts({UUID(ok): 2, UUID(erred): 3, UUID(closed): 4})
    view = View()
    async with running(site, read_model=view, existing=existing) as importer:
        template = (await one(importer, "template@example.org")).json()
        for uuid, state in ((ok, "OK"), (erred, "Erred"), (closed, "Closed")):
            view.listed[uuid] = {**template, "uuid": uuid, "state": state, "phase": None, "username": "u1"}
        answer = await many(importer, ["ok@example.org", "erred@example.org", "closed@example.org"])
        assert [(a["uuid"], a["state"], a["username"]) for a in answer.json()] == [
            (ok, "OK", "u1"),
            (erred, "Erred", "u1"),
            (closed, "Pending", None),
        ]
        assert "x-read-model" not in answer.headers
        draft = await importer.draft(answer.headers["x-import"])
        assert draft["verdicts"]["existing_erred"] == 1


async def test_behind_is_said(site: Site) -> None:
    """Also where nobody can say which accounts there are: the answer is what the importer knows."""
    async with running(
        site, read_model=View(behind=True), existing=KnownAccounts(reachable=False)
    ) as importer:
        answer = await one(importer)
        assert (answer.status_code, answer.json()["state"]) == (201, "Pending")
        assert answer.headers["x-read-model"] == "behind"


@pytest.mark.parametrize(
    ("project", "code"),
    [
        (ENDED.project_id.hex, "PROJECT_ENDED"),
        (ENDLESS.project_id.hex, "PROJECT_WITHOUT_END"),
        (NO_COURSE.project_id.hex, "PROJECT_NOT_A_COURSE"),
        ("c0ffee0000004000800000000000beef", "PROJECT_UNKNOWN"),
        ("algebra", "PROJECT_UNKNOWN"),
    ],
)
async def test_refusals_of_projects_are_waldurs(importer: Running, project: str, code: str) -> None:
    """400, by the field `project`."""
    for path, body in (
        (ONE, {"email": "ada@example.org"}),
        (MANY, {"course_accounts": [{"email": "a@b.org"}]}),
    ):
        answer = await importer.client.post(path, json={"project": project, **body})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert list(answer.json()["errors"]) == ["project"]


async def test_one_bad_address_refuses_all_by_place(importer: Running) -> None:
    """Nothing is created, and the place in the list is named; an empty list is none."""
    answer = await many(importer, ["good@example.org", "bad"])
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["course_accounts[1].email"])
    answer = await many(importer, [])
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["course_accounts"])
    answer = await many(importer, ["a@example.org"] * 10_001)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["course_accounts"])
    answer = await one(importer, "bad")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (
        400,
        "EMAIL_NO_AT",
        ["email"],
    )
    drafts = (await importer.client.get("/api/import-drafts/")).json()["results"]
    assert not drafts


async def test_two_clients_at_once_ask_for_one_account(site: Site) -> None:
    """Ten requests for one address: ten times the same account, whoever is first."""
    async with running(site) as importer:
        answers = await asyncio.gather(
            *[one(importer, f"ada@Example{'.ORG' if n % 2 else '.org'}") for n in range(10)]
        )
        assert {answer.status_code for answer in answers} == {201}
        assert {answer.json()["uuid"] for answer in answers} == set(ids_of("ada@example.org"))
    accounts = {
        event.fact.account_id
        for _, _, event in await site.events()
        if isinstance(event.fact, AccountRequested)
    }
    assert len(accounts) == 1


async def test_the_same_key_asks_once(site: Site) -> None:
    """Later, and after the record of the answer is gone, as after a crash before it was kept."""
    pool = await open_pool(site.admin_dsn, name="tests", size=1)
    async with pool, running(site) as importer:
        emails = ["ada@example.org", "bob@example.org"]
        first = await many(importer, emails, key="k")
        assert first.status_code == 200
        later = await many(importer, emails, key="k")
        assert (later.json(), later.headers["idempotent-replayed"]) == (first.json(), "true")
        await pool.execute("DELETE FROM access.idempotency")
        crashed = await many(importer, emails, key="k")
        assert (crashed.json(), crashed.headers["idempotent-replayed"]) == (first.json(), "true")
        assert crashed.headers["x-import"] == first.headers["x-import"]
        await pool.execute("DELETE FROM access.idempotency")
        other = await many(importer, ["eve@example.org"], key="k")
        assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    imports = [event for _, _, event in await site.events() if isinstance(event.fact, ImportAccepted)]
    assert len(imports) == 1


async def test_an_answer_of_any_length_is_given_again(importer: Running) -> None:
    """The whole list, of ten thousand as of one."""
    emails = [f"person{n}@example.org" for n in range(10_000)]
    first = await many(importer, emails, key="long")
    assert (first.status_code, len(first.json())) == (200, 10_000)
    again = await many(importer, emails, key="long")
    assert again.headers["x-import"] == first.headers["x-import"]
    assert [account["uuid"] for account in again.json()] == [account["uuid"] for account in first.json()]
    assert again.headers["idempotent-replayed"] == "true"


async def test_what_was_removed_is_not_answered_again(site: Site) -> None:
    """Of an import whose project was deleted long ago nothing is left to answer from."""
    pool = await open_pool(site.admin_dsn, name="tests", size=1)
    own = await open_pool(site.dsn, name="tests", size=1, schema="importer")
    async with pool, own, running(site) as importer:
        assert (await one(importer, headers={"Idempotency-Key": "k"})).status_code == 201
        await own.execute("INSERT INTO deleted_projects VALUES ($1, $2)", COURSE.project_id, Clock().now)
        await own.execute("UPDATE projects SET project = jsonb_set(project, '{status}', '\"deleted\"')")
        clock = Clock()
        clock.now = clock.now.replace(year=2027)
        await Retention(own, days=30, clock=clock).step()
        await own.execute("UPDATE projects SET project = jsonb_set(project, '{status}', '\"active\"')")
        await pool.execute("DELETE FROM access.idempotency")
        answer = await one(importer, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json()["code"]) == (410, "IMPORT_GONE")
