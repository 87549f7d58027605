"""The list of courses of somebody who has more than fit on a page."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import expect

from schemas.codec import encode_project
from schemas.projects import CourseProject
from schemas.topics import PROJECTS
from tests.browser.accessible import violations
from tests.browser.visitor import Visit
from tests.e2e.site import Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_COURSES = 130
_PAGE = 100


async def test_the_last_of_many_courses_is_found_and_leafed_to(site: Site, visit: Visit) -> None:
    """The page asks for a page of courses at a time; a search and the next page reach those beyond it."""
    user = f"dean-{uuid4().hex[:8]}"
    now = datetime.now(UTC)
    courses = [
        CourseProject(
            project_id=uuid4(),
            name=f"Seminar {number:03}",
            slug=f"{user}-{number}",
            start_date=now.date(),
            end_date=now.date() + timedelta(days=30),
            managers=(user,),
        )
        for number in range(1, _COURSES + 1)
    ]
    await site.publish(PROJECTS, *(encode_project(one, source="test", time=now) for one in courses))

    async def listed() -> bool:
        answer = await site.http.get(f"/api/course-projects/{courses[-1].project_id.hex}/")
        return answer.status_code == 200

    await until(listed, "the last course to be shown")
    dean = await visit(user)
    page = dean.page
    cards = page.locator(".course")
    await expect(cards).to_have_count(_PAGE)
    last = page.get_by_role("link", name=f"Seminar {_COURSES}", exact=True)
    await expect(last).to_have_count(0)
    search = page.get_by_label("Find a course")
    await search.fill(f"seminar {_COURSES}")
    await expect(cards).to_have_count(1)
    await expect(last).to_be_visible()
    await expect(search).to_be_focused()
    await search.fill("no such course")
    await expect(page.get_by_text("No course has such a name.")).to_be_visible()
    await search.fill("")
    await expect(cards).to_have_count(_PAGE)
    assert not await violations(page, "many courses")
    leaf = page.get_by_role("navigation", name="Pages of courses")
    await leaf.get_by_role("button", name="Next").click()
    await expect(cards).to_have_count(_COURSES - _PAGE)
    await expect(last).to_be_visible()
    await leaf.get_by_role("button", name="Previous").click()
    await expect(page.get_by_role("link", name="Seminar 001", exact=True)).to_be_visible()
