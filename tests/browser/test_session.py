"""A session that ends while somebody works, and the ways back in."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.visitor import Visit, Visitor
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


_TYPED = "typed@example.org"


async def _signed_out_while_typing(course: Course, visit: Visit) -> tuple[Visitor, Locator]:
    """Mari with an address typed in, and the dialog that asks her to sign in again."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/add/single/")
    page = mari.page
    await page.get_by_label("E-mail address").fill(_TYPED)
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Create 1 account").click()
    return mari, page.get_by_role("dialog", name="Sign in again")


async def _goes_on(mari: Visitor, dialog: Locator) -> None:
    """The dialog is gone, what was typed is there, and is sent."""
    await expect(dialog).to_have_count(0)
    await expect(mari.page.get_by_label("E-mail address")).to_have_value(_TYPED)
    await mari.page.get_by_role("button", name="Create 1 account").click()
    await mari.page.wait_for_url("**/imports/*/")
    await mari.is_in_state("finished")


async def test_a_session_that_ends_keeps_what_was_typed(site: Site, course: Course, visit: Visit) -> None:
    """Signed out elsewhere: sign-in is asked for above the form, and what was typed is sent afterwards."""
    mari, dialog = await _signed_out_while_typing(course, visit)
    await expect(dialog).to_contain_text("mari")
    made = await site.http.post("/api/tokens/", json={"user_id": "mari", "may_write": True})
    assert made.status_code == 201, made.text
    await dialog.get_by_label("Access token").fill(made.json()["token"])
    await dialog.get_by_role("button", name="Sign in").click()
    await _goes_on(mari, dialog)


async def test_a_new_address_in_another_tab_signs_in_here_too(
    site: Site, course: Course, visit: Visit
) -> None:
    """Who has no token opens a new sign-in address in a second tab; the first goes on, with what was typed in it."""
    mari, dialog = await _signed_out_while_typing(course, visit)
    await expect(dialog).to_contain_text("open a new sign-in address in another tab")
    way_in = await site.http.post("/api/sign-ins/", json={"user_id": "mari"})
    assert way_in.status_code == 201, way_in.text
    other = await mari.page.context.new_page()
    await other.goto(way_in.json()["url"])
    await expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    await mari.page.bring_to_front()
    await _goes_on(mari, dialog)


async def test_a_page_that_the_browser_kept_is_not_shown_after_signing_out(
    course: Course, visit: Visit
) -> None:
    """Shown again as it was left, by Back, it asks who is signed in first: nobody, so nothing of a course is shown."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    page = mari.page
    await expect(page.get_by_role("heading", name=f"Course {course.slug}")).to_be_visible()
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.get_by_role("button", name="Sign out").click()
    await expect(other.get_by_text("You are signed out.")).to_be_visible()
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await expect(page.get_by_label("Access token")).to_be_visible()
    await expect(page.get_by_text(course.slug)).to_have_count(0)
