"""One account at a time, also where a file's readers have no time for it at once."""

import json

import pytest
from playwright.async_api import Route, expect

from tests.browser.visitor import Visit
from tests.e2e.site import Course

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_an_address_that_is_read_later_is_created_all_the_same(course: Course, visit: Visit) -> None:
    """The draft is answered as being read: the page waits for it and creates the account, with one click and draft."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/add/single/")
    page = mari.page
    asked: list[str] = []

    async def busy(route: Route) -> None:
        answer = await route.fetch()
        asked.append(route.request.method)
        draft = await answer.json()
        if len(asked) < 3:
            draft |= {"state": "reading", "to_create": 0, "preview_hash": None}
        await route.fulfill(status=202, content_type="application/json", body=json.dumps(draft))

    await page.route("**/api/import-drafts/", busy)
    await page.route("**/api/import-drafts/*/", busy)
    await page.get_by_label("E-mail address").fill("later@example.org")
    await page.get_by_role("button", name="Create 1 account").click()
    await page.wait_for_url("**/imports/*/")
    assert asked == ["POST", "GET", "GET"]
    await mari.is_in_state("finished")
    await expect(page.get_by_role("button", name="Details of later@example.org")).to_be_visible()
