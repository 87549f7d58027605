"""A course of 300 accounts that ends in a few seconds, by the real clock and through the whole system."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.account_service import journal
from schemas.codec import encode_project
from schemas.projects import CourseProject
from schemas.topics import PROJECTS
from tests.e2e.site import Course, Site
from tests.soak.saying import say
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(600)

_ROWS = 300
_LATE = 20
_SOON = timedelta(seconds=6)
_ACCOUNTS = "/api/marketplace-course-accounts/"


async def _end(site: Site, course: Course, ends_at: datetime) -> None:
    """Publish another end of the course."""
    project = CourseProject(
        project_id=course.project_id,
        revision=2,
        name=f"Course {course.slug}",
        slug=course.slug,
        ends_at=ends_at,
    )
    await site.publish(PROJECTS, encode_project(project, source="test", time=datetime.now(UTC)))


async def _report(site: Site, course: Course) -> list[dict[str, Any]]:
    """Everything that should be closed of the course but is not."""
    answer = await site.http.get(
        "/api/unclosed-accounts/", params={"project": course.project_id.hex, "page_size": 1000}
    )
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["total"] >= len(found["results"]) - _ROWS  # counted a moment later
    results: list[dict[str, Any]] = found["results"]
    return results


async def _count(site: Site, course: Course, state: str) -> int:
    answer = await site.http.head(
        _ACCOUNTS, params={"project_uuid": course.project_id.hex, "state": state, "page_size": 1}
    )
    return int(answer.headers["x-result-count"])


async def test_every_account_is_closed_and_one_only_later(site: Site, course: Course) -> None:
    """What was being made fails without a call, a killed provisioner costs nothing, the report says what is left."""
    await site.faults()
    file = course.file(site.folder, _ROWS - 1)
    file.write_text(file.read_text() + "unclosable+1@example.org,In use\n")
    assert (await site.import_file(course, file)).last["counts"]["created"] == _ROWS

    await site.faults(down="unavailable")
    _, late = await site.begin_import(course, course.file(site.folder, _LATE, prefix="late"))
    ends = datetime.now(UTC) + _SOON
    await _end(site, course, ends)
    say("the course ends", at=ends, accounts=_ROWS, being_made=_LATE)

    async def passed() -> bool:
        if datetime.now(UTC) < ends:
            assert not await _report(site, course), "something was asked for before the end"
            return False
        return (await site.status(late))["counts"]["failed"] == _LATE

    await until(passed, "what was being made to fail", within_s=60)
    failed_after = (datetime.now(UTC) - ends).total_seconds()

    async def all_asked() -> bool:
        found = await _report(site, course)
        return len(found) == _ROWS and not any(one["state"] == "not_asked" for one in found)

    await until(all_asked, "all accounts to be asked for", within_s=60)
    say(
        "the account service is down",
        failed_s_after_the_end=round(failed_after, 1),
        report=Counter(one["state"] for one in await _report(site, course)),
    )
    await site.faults()
    await site.installation.kill("provisioner")
    began = time.monotonic()
    seen: Counter[str] = Counter()

    async def one_left() -> bool:
        nonlocal seen
        found = await _report(site, course)
        closed = await _count(site, course, "Closed")
        if (now := Counter(one["state"] for one in found)) != seen:
            seen = now
            say("so far", s=round(time.monotonic() - began, 1), closed=closed, report=seen)
        await asyncio.sleep(0.25)
        return seen == {"given_up": 1} and closed == _ROWS - 1

    await until(one_left, "all accounts but one to be closed", within_s=180)
    [stuck] = await _report(site, course)
    say("left", **stuck)
    unclosed = await site.person.run("unclosed", "--project", course.project_id.hex)
    print(unclosed.out, flush=True)
    assert unclosed.code == 5

    await site.faults(unclosable=False)
    answer = await site.http.delete(f"{_ACCOUNTS}{stuck['account_uuid']}/")
    assert answer.status_code == 202, answer.text

    async def nothing_left() -> bool:
        return await _count(site, course, "Closed") == _ROWS

    await until(nothing_left, "the last account to be closed", within_s=60)
    last = datetime.now(UTC)
    assert (await site.person.run("unclosed", "--project", course.project_id.hex)).code == 0
    evidence = await site.check(course)
    names = {one.username for one in journal.created(evidence.effects)}
    closed = [one for one in evidence.effects if isinstance(one, journal.Closed) and one.username in names]
    assert len(names) == _ROWS
    assert set(Counter(one.username for one in closed).values()) == {1}
    times = sorted(datetime.fromisoformat(one.at) for one in closed)
    assert ends <= times[0]
    say(
        "closed",
        accounts=len(closed),
        first_s_after_the_end=round((times[0] - ends).total_seconds(), 2),
        last_but_one_s_after_the_end=round((times[-2] - ends).total_seconds(), 2),
        last_s_after_the_end=round((last - ends).total_seconds(), 2),
    )
