"""What staff look at and do."""

import pytest
from playwright.async_api import expect

from tests.browser.preparing import begun, people
from tests.browser.visitor import Visit
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_the_account_service_paused_and_resumed(site: Site, course: Course, visit: Visit) -> None:
    """Staff pause the calls with a reason, see what waits for them, and resume; the course's manager sees it wait."""
    staff = await visit("olga", staff=True, to="/operators/service/")
    page = staff.page
    await page.get_by_role("button", name="Pause …").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("they change their disks")
    await dialog.get_by_role("button", name="Pause", exact=True).click()
    await expect(page.get_by_text("Paused by an operator")).to_be_visible()
    await expect(page.get_by_text("olga: they change their disks")).to_be_visible()
    mari = await visit("mari", to=f"/imports/{await begun(site, course, people(5))}/")
    await mari.shows(waiting=5)
    await expect(page.get_by_role("heading", name="5 accounts wait")).to_be_visible()
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_text("Called as usual")).to_be_visible()
    await mari.shows(created=5, waiting=0)


async def test_every_tab_shows_what_it_is_for(visit: Visit) -> None:
    """Health of the parts, the account service, dead letters, replays, reports, jobs, audit: each answers."""
    staff = await visit("olga", staff=True, to="/operators/")
    page = staff.page
    await expect(page.locator('.health-parts li[data-look="good"]')).to_have_count(5)
    await expect(page.locator("#read-models tbody tr").first).to_be_visible()
    for number in range(await page.get_by_role("tab").count()):
        await page.get_by_role("tab").nth(number).click()
        await expect(page.get_by_role("tabpanel").locator("h2, h3, caption").first).to_be_visible()
        await expect(page.get_by_role("alert")).to_have_count(0)
        await expect(page.locator(".loading")).to_have_count(0)


async def test_others_are_told_that_it_is_for_staff(visit: Visit) -> None:
    """A manager has no link to it, and somebody who knows the address is told in words."""
    mari = await visit("mari")
    await expect(mari.page.get_by_role("link", name="Operators")).to_have_count(0)
    await mari.go("/operators/")
    await expect(mari.page.locator("main .notice")).to_be_visible()
    await expect(mari.page.get_by_role("tab")).to_have_count(0)
