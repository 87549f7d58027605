"""Where somebody is on a page stays clear: after a click in a row, and after leaving the story of an account."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.preparing import finished
from tests.browser.visitor import Visit
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_FILE = b"email\nanna@example.org\nrefused+dora@example.org\n"


async def test_retry_and_close_by_keyboard_keep_the_place(site: Site, course: Course, visit: Visit) -> None:
    """After Retry and Close in a row the focus is in that row, and it is said what was begun."""
    await finished(site, course, _FILE)
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    page = mari.page
    spoken = page.locator("#live")
    await page.get_by_role("button", name="Retry refused+dora@example.org").press("Enter")
    await expect(spoken).to_have_text("refused+dora@example.org is being tried again.")
    dora = page.get_by_role("button", name="The story of refused+dora@example.org")
    await expect(dora).to_be_focused()
    await page.get_by_role("button", name="Close anna@example.org").press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Close 1 account").press("Enter")
    await expect(spoken).to_have_text("anna@example.org is being closed.")
    await mari.shows("course-counts", OK=0, Closed=1)
    await expect(page.get_by_role("button", name="Close anna@example.org")).to_have_count(0)
    await expect(page.get_by_role("button", name="The story of anna@example.org")).to_be_focused()


async def test_a_row_that_leaves_the_list_leaves_the_focus_in_the_table(
    site: Site, course: Course, visit: Visit
) -> None:
    """Closed while only those with an account are listed, the row goes; the keyboard goes on from the table."""
    await finished(site, course, _FILE)
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/?state=OK")
    page = mari.page
    await page.get_by_role("button", name="Close anna@example.org").press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Close 1 account").press("Enter")
    await expect(page.get_by_role("button", name="The story of anna@example.org")).to_have_count(0)
    await expect(page.locator(".table-frame", has=page.locator("#accounts"))).to_be_focused()


async def test_retrying_a_cause_goes_on_with_the_rows(site: Site, course: Course, visit: Visit) -> None:
    """The causes vanish while the rows run again, and the focus is on the rows' heading."""
    uuid = await finished(site, course, _FILE)
    mari = await visit("mari", to=f"/imports/{uuid}/")
    page = mari.page
    await page.get_by_role("button", name="Retry this row").press("Enter")
    await expect(page.locator("#live")).to_contain_text("1 account is being tried again.")
    await expect(page.get_by_role("heading", name="Rows", exact=True)).to_be_focused()


async def test_the_course_is_reached_from_a_story_above_it(site: Site, course: Course, visit: Visit) -> None:
    """A link in the panel to the page below it closes the panel; Back shows the story, and Back again the course."""
    await finished(site, course, _FILE)
    here = f"/courses/{course.project_id.hex}/"
    mari = await visit("mari", to=here)
    page = mari.page
    await page.get_by_role("button", name="The story of anna@example.org").click()
    story = page.get_by_role("dialog", name="anna@example.org")
    await expect(page).to_have_url(re.compile("/account/"))
    await story.get_by_role("link", name=f"Course {course.slug}").click()
    await expect(story).to_have_count(0)
    assert mari.path == here
    await page.go_back()
    await expect(page.get_by_role("heading", name="anna@example.org", level=1)).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name=f"Course {course.slug}")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert mari.path == here


async def test_retry_in_a_story_says_what_was_begun(site: Site, course: Course, visit: Visit) -> None:
    """In the story the button goes; the focus is where what happens is told, and it is said what was begun."""
    await finished(site, course, _FILE)
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    page = mari.page
    await page.get_by_role("button", name="The story of refused+dora@example.org").press("Enter")
    story = page.get_by_role("dialog", name="refused+dora@example.org")
    await story.get_by_role("button", name="Retry", exact=True).press("Enter")
    await expect(story.locator("p.for-readers")).to_have_text(
        "refused+dora@example.org is being tried again."
    )
    await expect(story.get_by_role("heading", name="What happened")).to_be_focused()
