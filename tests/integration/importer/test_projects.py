"""Writing projects: a record for each change, each change on the one before, refused where it makes no sense."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from schemas.codec import decode_project
from schemas.projects import CourseProject
from services.importer.api.project_bodies import ProjectRecord
from tests.integration.importer.people import headers_of, tokens_of
from tests.integration.importer.support import (
    COURSE,
    ENDED,
    TODAY,
    Running,
    Site,
    View,
    any_id,
    read_all,
    running,
)

PATH = "/api/course-projects/"
ONE = f"{PATH}{COURSE.project_id.hex}/"
NEW = {"name": "Zoology", "end_date": (TODAY + timedelta(days=9)).isoformat(), "managers": ["mari"]}


async def records(site: Site) -> list[CourseProject]:
    """All records of the topic, in order."""
    found = await read_all(site.kafka, site.projects, partitions=1)
    return [decode_project(record.headers, record.value) for record in found]


async def ask(
    importer: Running, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    """One request."""
    more = {} if body is None else {"json": body}
    return await importer.client.request(method, path, headers=headers or {}, **more)


async def test_a_project_lives_on_its_topic(site: Site) -> None:
    """Added, changed, described anew, deleted, there again: a record each with a higher revision, read at once."""
    view = View()
    async with running(site, read_model=view) as importer:
        added = await ask(importer, "POST", PATH, NEW)
        assert added.status_code == 201, added.text
        uuid = added.json()["uuid"]
        assert added.headers["location"] == f"{PATH}{uuid}/"
        one = f"{PATH}{uuid}/"
        changed = await ask(importer, "PATCH", one, {"name": "Zoology I"})
        anew = await ask(importer, "PUT", one, {"name": "Zoology II", "kind": "other"})
        deleted = await ask(importer, "DELETE", one)
        repeated = await ask(importer, "DELETE", one)
        back = await ask(importer, "PUT", one, NEW)
        answers = [added, changed, anew, deleted, repeated, back]
        shown = [ProjectRecord.model_validate(answer.json()) for answer in answers]
        assert [(one.revision, one.status) for one in shown] == [
            (1, "active"),
            (2, "active"),
            (3, "active"),
            (4, "deleted"),
            (4, "deleted"),
            (5, "active"),
        ]
        assert [answer.headers["etag"] for answer in answers[:2]] == ['"1"', '"2"']
        assert shown[2].slug == "zoology"
        assert not any("x-read-model" in answer.headers for answer in answers)
        record = await ask(importer, "GET", f"{one}record/")
        assert (record.json(), record.headers["etag"]) == (back.json(), '"5"')
    written = [project for project in await records(site) if project.project_id.hex == uuid]
    assert [project.revision for project in written] == [1, 2, 3, 4, 5]
    assert {topic for topic, _, _ in view.asked} == {site.projects}


async def test_accounts_can_be_asked_for_at_once(site: Site) -> None:
    """Whoever adds or extends a course need not wait for anything before its first account, nor do its managers."""
    async with running(site) as importer:
        added = await ask(importer, "POST", PATH, NEW)
        manager = headers_of(await tokens_of(site), "manager")
        body = {"project": added.json()["uuid"], "email": "ada@example.org"}
        accounts = "/api/marketplace-course-accounts/"
        assert (await ask(importer, "POST", accounts, body, manager)).status_code == 201
        body = {"project": ENDED.project_id.hex, "email": "ada@example.org"}
        assert (await ask(importer, "POST", accounts, body)).status_code == 400
        longer = {"end_date": TODAY.isoformat()}
        assert (await ask(importer, "PATCH", f"{PATH}{ENDED.project_id.hex}/", longer)).status_code == 200
        assert (await ask(importer, "POST", accounts, body)).status_code == 201


async def test_managers_move_the_end_of_their_course(site: Site) -> None:
    """Now or later, and nothing else."""
    async with running(site) as importer:
        tokens = await tokens_of(site)
        manager, owner = headers_of(tokens, "manager"), headers_of(tokens, "owner")
        extended = await ask(importer, "PATCH", ONE, {"end_date": "2027-01-29"}, manager)
        assert (extended.status_code, extended.json()["end_date"]) == (200, "2027-01-29")
        ended = await ask(importer, "PATCH", ONE, {"ends_at": "2026-11-23T12:00:00Z"}, owner)
        assert (ended.status_code, ended.json()["end_date"]) == (200, "2026-11-23")
        for body, status in (
            ({"end_date": "2026-11-22"}, 400),
            ({"end_date": None, "ends_at": None}, 400),
            ({"end_date": "2027-01-29", "name": "Mine"}, 403),
        ):
            assert (await ask(importer, "PATCH", ONE, body, manager)).status_code == status


async def test_nothing_is_lost_between_writers(site: Site) -> None:
    """Ten changes at once build on each other, also from two copies; a stale If-Match changes nothing."""
    async with running(site) as first, running(site) as second:
        answers = await asyncio.gather(
            *[
                ask(
                    (first, second)[n % 2],
                    "PATCH",
                    ONE,
                    {"name": f"Algebra {n}"} if n < 5 else {"slug": f"a-{n}"},
                )
                for n in range(10)
            ]
        )
        assert {answer.status_code for answer in answers} == {200}
        assert sorted(answer.json()["revision"] for answer in answers) == list(range(2, 12))
        final = (await ask(first, "GET", f"{ONE}record/")).json()
        assert final["name"].startswith("Algebra ")
        assert final["slug"].startswith("a-")
        stale = await ask(first, "PATCH", ONE, {"name": "x"}, {"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "PROJECT_CHANGED")
        same = await ask(first, "PATCH", ONE, {"name": final["name"]}, {"If-Match": '"11"'})
        assert (same.status_code, same.json()["revision"]) == (200, 11)


async def test_refusals(importer: Running) -> None:
    """By field, with a code; nothing is published."""
    cases: list[tuple[str, str, Any, int, str, str | None]] = [
        ("POST", PATH, {**NEW, "uuid": COURSE.project_id.hex}, 409, "PROJECT_EXISTS", "uuid"),
        ("POST", PATH, {**NEW, "slug": "botany"}, 409, "SLUG_TAKEN", "slug"),
        ("PATCH", ONE, {"slug": "botany"}, 409, "SLUG_TAKEN", "slug"),
        ("PATCH", ONE, {"start_date": "2030-01-01"}, 400, "PROJECT_INVALID", "end_date"),
        ("PATCH", ONE, {"ends_at": "2026-12-18T16:00:00"}, 400, "INVALID_REQUEST", "ends_at"),
        ("PATCH", ONE, {"ends_at": "9999-12-31T23:59:59-12:00"}, 400, "PROJECT_INVALID", "ends_at"),
        ("PATCH", ONE, {"managers": "mari"}, 400, "INVALID_REQUEST", "managers"),
        ("PATCH", ONE, {"name": "\x00"}, 400, "PROJECT_INVALID", "name"),
        ("PATCH", ONE, {"customer_uuid": None}, 400, "PROJECT_INVALID", "customer_uuid"),
        ("PUT", ONE, {"slug": "x"}, 400, "INVALID_REQUEST", "name"),
        ("PATCH", f"{PATH}{any_id()}/", {"name": "x"}, 404, "NOT_FOUND", None),
        ("PATCH", f"{PATH}algebra/", {"name": "x"}, 404, "NOT_FOUND", None),
        ("PUT", f"{PATH}{any_id()}/", NEW, 404, "NOT_FOUND", None),
        ("DELETE", f"{PATH}{any_id()}/", None, 404, "NOT_FOUND", None),
    ]
    for method, path, body, status, code, field in cases:
        answer = await ask(importer, method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (body, answer.text)
        assert list(answer.json().get("errors", {})) == ([] if field is None else [field])
    assert (await ask(importer, "GET", f"{ONE}record/")).json()["revision"] == 1


async def test_a_project_is_added_once_under_its_key(importer: Running, shared_site: Site) -> None:
    """Also if the answer was never kept: its id follows from the key."""
    headers = {"Idempotency-Key": "zoology"}
    first = await ask(importer, "POST", PATH, {**NEW, "slug": "zoo"}, headers)
    pool = importer.service.drafts._pool
    await pool.execute("DELETE FROM access.idempotency")
    again = await ask(importer, "POST", PATH, {**NEW, "slug": "zoo"}, headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    await pool.execute("DELETE FROM access.idempotency")
    other = await ask(importer, "POST", PATH, {**NEW, "name": "Else"}, headers)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len([one for one in await records(shared_site) if one.slug == "zoo"]) == 1


@pytest.mark.parametrize("number", [1, 7])
async def test_a_revision_is_never_given_out_twice(site: Site, number: int) -> None:
    """A writer died after it was given a number, with or without its record on the topic: the next one goes on."""
    async with running(site) as importer:
        pool = importer.service.drafts._pool
        await pool.execute("INSERT INTO given_revisions VALUES ($1, $2)", COURSE.project_id, number)
        answer = await ask(importer, "PATCH", ONE, {"name": "Algebra I"})
        assert (answer.status_code, answer.json()["revision"]) == (200, number + 1)
