"""What the page says while things go wrong, and that it goes on by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Slowly
from tests.browser.preparing import begun, people
from tests.browser.visitor import Visit
from tests.e2e.site import UNGUARDED, Course, Site
from tests.support.installation import gone

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def test_services_killed_in_the_middle(
    site: Site, course: Course, visit: Visit, slowly: Slowly
) -> None:
    """Killed (-9): without a provisioner rows wait for it; without a projector the page says so; all are created."""
    await slowly(10)
    mari = await visit("mari", to=f"/imports/{await begun(site, course, people(300))}/")
    await mari.some_are_created(20)
    provisioner = await site.installation.kill("provisioner")
    mari.rough = True
    connection = mari.page.locator("#connection")
    async with _kept_down(site, "projector"):
        await expect(connection).to_contain_text("No connection")
        await expect(connection).to_contain_text("tries again by itself")
    await site.installation.replaced("provisioner", provisioner)
    await expect(connection).to_have_attribute("data-connection", "live")
    mari.rough = False
    await slowly(None)
    await mari.shows(created=300, failed=0, pending=0)
    await mari.is_in_state("finished")


@asynccontextmanager
async def _kept_down(site: Site, service: str) -> AsyncIterator[None]:
    """Kill a service, and again whatever is started in its place; afterwards wait until it is back."""
    killed = await site.installation.kill(service)

    async def keep() -> None:
        nonlocal killed
        while True:
            [pid] = site.installation.pids(service)
            if not gone(pid):
                killed = await site.installation.kill(service)
            await asyncio.sleep(0.02)

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
    await site.installation.replaced(service, killed)


async def test_the_account_service_is_down_for_a_while(
    site: Site, course: Course, visit: Visit, slowly: Slowly
) -> None:
    """Rows wait, the page says since when and when the next try is; nothing fails; then it goes on by itself."""
    await slowly(10)
    mari = await visit("mari", to=f"/imports/{await begun(site, course, people(300))}/")
    await mari.some_are_created(20)
    await site.faults(**UNGUARDED, down="unavailable")
    waiting = mari.page.locator("#waiting")
    await expect(waiting).to_contain_text("Since")
    await expect(waiting).to_contain_text("Next try at")
    await expect(waiting).to_contain_text("Waiting is not failing")
    await expect(mari.legend("waiting")).to_be_visible()
    await expect(mari.page.locator('#rows .badge[data-state="waiting"]').first).to_be_visible()
    await mari.shows(failed=0)
    await slowly(None)
    await mari.shows(created=300, failed=0, pending=0, waiting=0)
    await expect(waiting).to_have_count(0)


async def test_a_connection_that_breaks_keeps_what_was_typed(course: Course, visit: Visit) -> None:
    """Without a network the list that was pasted stays, the page says why, and trying again sends it."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/add/")
    page = mari.page
    await page.get_by_text("Or paste a list").click()
    pasted = people(3, prefix="offline").decode()
    await page.get_by_label("Addresses").fill(pasted)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Preview the list").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    await expect(page.get_by_label("Addresses")).to_have_value(pasted)
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()
    await mari.shows("verdicts", new=3)
