"""The page of a course: its accounts found, ordered, looked at and closed, its imports, its end."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.preparing import finished
from tests.browser.visitor import Visit
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_IMAGE = "<img src=x onerror='window.hacked = 1'>"
_SCRIPT = f"<script>window.hacked = 1</script>{_IMAGE}"
_FILE = f"""email,description
anna@example.org,Anna
bert@example.org,Bert
carl@example.org,"{_SCRIPT}"
refused+dora@example.org,Dora
""".encode()


def _rows(page: Page) -> Locator:
    return page.locator("#accounts tbody tr")


async def test_accounts_found_ordered_and_closed(site: Site, course: Course, visit: Visit) -> None:
    """Search, order, filter by state, the story of one on a click, and closing it; Back closes the story."""
    await finished(site, course, _FILE)
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    page = mari.page
    await mari.shows("course-counts", OK=3, Erred=1)
    await expect(_rows(page)).to_have_count(4)
    await expect(_rows(page).first).to_contain_text("anna@")
    await page.get_by_role("button", name="Address", exact=True).click()
    await expect(_rows(page).first).to_contain_text("refused+dora@")
    await page.get_by_label("Search by address").fill("bert")
    await expect(_rows(page)).to_have_count(1)
    await page.get_by_role("button", name="Clear the filters").click()
    await page.get_by_role("checkbox", name="Failed").check()
    await expect(_rows(page)).to_have_count(1)
    await expect(_rows(page)).to_contain_text("refused this person")
    assert "bert" not in page.url
    await page.reload()
    await expect(_rows(page)).to_have_count(1)
    await page.get_by_role("checkbox", name="Failed").uncheck()

    await page.get_by_role("button", name="The story of anna@example.org").click()
    story = page.get_by_role("dialog", name="anna@example.org")
    await expect(story.locator(".story-line li").first).to_contain_text("asked for the account")
    await expect(story.locator(".story-line li.good")).to_have_count(1)
    await page.go_back()
    await expect(story).to_have_count(0)
    await page.get_by_role("button", name="Close anna@example.org").click()
    await page.get_by_role("dialog").get_by_role("button", name="Close 1 account").click()
    await expect(_rows(page).filter(has_text="anna@").locator('[data-look="closed"]')).to_be_visible()
    await mari.shows("course-counts", OK=2, Erred=1, Closed=1)


async def test_many_are_retried_as_a_job(site: Site, course: Course, visit: Visit) -> None:
    """Selected accounts are counted first, then tried again; the job is followed to its end on the same page."""
    await site.faults(refuse="*@late.example.org")
    names = "".join(f"late{number}@late.example.org\n" for number in range(1, 8))
    await finished(site, course, f"email\n{names}".encode())
    await site.faults()
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    page = mari.page
    await expect(page.locator("#course-causes")).to_be_visible()  # it moves what is below it
    await page.get_by_label("Select all on this page").check()
    await page.get_by_role("group", name="What is selected").get_by_role("button", name="Retry").click()
    dialog = page.get_by_role("dialog", name="Retry 7 accounts?")
    await dialog.get_by_role("button", name="Retry 7 accounts").click()
    await expect(page.locator('.job[data-state="finished"]')).to_be_visible()
    await mari.shows("course-counts", OK=7)
    await page.get_by_role("tab", name="Imports").click()
    await expect(page.locator("#imports tbody tr")).to_contain_text("7 created")


async def test_a_description_with_a_script_is_text(site: Site, course: Course, visit: Visit) -> None:
    """In the preview, in the import, on the course page and in the story it is shown as it was typed; nothing runs."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/add/")
    page = mari.page
    await mari.upload(_FILE, f"{_IMAGE}.csv")
    await expect(page.get_by_text(_SCRIPT, exact=True).first).to_be_attached()
    await mari.create(4)
    await mari.is_in_state("finished")
    await expect(page.get_by_role("heading", name=_IMAGE)).to_be_visible()
    await page.get_by_role("button", name="Details of carl@example.org").click()
    await expect(page.get_by_role("dialog").get_by_text(_SCRIPT)).to_be_visible()
    await page.get_by_role("dialog").get_by_role("link").click()
    await expect(page.get_by_role("heading", name="carl@example.org")).to_be_visible()
    await expect(page.get_by_text(_SCRIPT, exact=True)).to_be_visible()
    await mari.go(f"/courses/{course.project_id.hex}/")
    await expect(_rows(page).get_by_text(_SCRIPT)).to_be_visible()
    assert not await page.evaluate("window.hacked")


async def test_a_course_is_extended(course: Course, visit: Visit) -> None:
    """A manager gives the course a later last day, and the page says how long it lasts now."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    await expect(mari.page.get_by_text("It ends in 30 days.")).to_be_visible()
    await mari.page.get_by_role("button", name="Extend").click()
    dialog = mari.page.get_by_role("dialog")
    later = datetime.now(UTC).date() + timedelta(days=45)
    await dialog.get_by_label("New last day").fill(later.isoformat())
    await dialog.get_by_role("button", name="Set the last day").click()
    await expect(dialog).to_have_count(0)
    await expect(mari.page.get_by_text("It ends in 45 days.")).to_be_visible()
