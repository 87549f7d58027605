"""What was refused is tried again once the fault is gone; one account is closed: at the command line and over HTTP."""

import asyncio
import json
from uuid import UUID

import pytest

from deploy.account_service import journal
from schemas import ids
from tests.e2e.site import Course, Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_refused_rows_are_retried_and_one_account_is_closed(site: Site, course: Course) -> None:
    """An unchanged client reads what it wrote, at once: Pending without an error, closing, then Closed."""
    await site.faults(refuse="person?@example.org")
    ended = await site.import_file(course, course.file(site.folder, 40))
    import_id = ended.last["uuid"]
    assert (ended.code, ended.last["counts"]["failed"]) == (5, 9)
    await site.faults(refuse="person1@example.org")
    counted = await site.person.run("retry", "--import", import_id, "--all", "--dry-run", "--json")
    assert counted.last["accounts"] == 9

    # Refused once more: the answer and the list show that it is being tried.
    refused = _account(course, 1)
    answer = await site.http.post(f"/api/marketplace-course-accounts/{UUID(refused)}/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["error_message"]) == (
        202,
        "Pending",
        "",
    )
    assert "X-Read-Model" not in answer.headers
    assert answer.json()["project_name"] == f"Course {course.slug}"

    async def refused_again() -> bool:
        found = await site.http.get(f"/api/marketplace-course-accounts/{refused}/")
        return bool(found.json()["state"] == "Erred")

    await until(refused_again, "the second refusal")
    await site.faults()
    ended = await site.person.run(
        "retry", "--import", import_id, "--all", "--wait", "--json", "--reason", "it works again"
    )
    assert ended.code == 0, ended.err
    assert (ended.last["uuid"], ended.last["counts"]["created"]) == (import_id, 40)
    (job,) = json.loads((await site.person.run("jobs", "--limit", 1, "--json")).out)
    assert (job["changed"], job["refused"], job["reason"]) == (9, 0, "it works again")
    conflict = await site.http.post(f"/api/marketplace-course-accounts/{refused}/retry/")
    assert (conflict.status_code, conflict.json()["code"]) == (409, "ACCOUNT_OK")

    await site.faults(latency_ms=1000)
    closing = await site.http.delete(f"/api/marketplace-course-accounts/{refused}/")
    listed = await site.http.get(f"/api/marketplace-course-accounts/{refused}/")
    assert (closing.status_code, closing.json()["phase"], listed.json()) == (202, "closing", closing.json())

    async def closed() -> bool:
        found = await site.http.get(f"/api/marketplace-course-accounts/{refused}/")
        return bool(found.json()["state"] == "Closed")

    await until(closed, "the account to be closed")
    again = await asyncio.gather(
        *(site.http.delete(f"/api/marketplace-course-accounts/{refused}/") for _ in range(3))
    )
    assert {(one.status_code, one.json()["state"]) for one in again} == {(202, "Closed")}
    assert (await site.status(import_id))["counts"]["closed"] == 1
    evidence = await site.check(course)
    assert len(evidence.created) == 40
    assert sum(isinstance(effect, journal.Closed) for effect in evidence.effects) == 1


def _account(course: Course, row: int) -> str:
    return ids.account_id(course.project_id, f"person{row}@example.org").hex
