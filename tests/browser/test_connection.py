"""How the page knows what it shows, where events do not come through."""

import time

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Slowly
from tests.browser.preparing import begun, people
from tests.browser.visitor import Visit
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_NOTE_ALERTS = """
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  if (document.querySelector("[role=alert]")) window.alerted = true;
}).observe(document, { childList: true, subtree: true }));
"""


async def test_without_events_the_page_asks_by_itself(
    site: Site, course: Course, visit: Visit, slowly: Slowly
) -> None:
    """Every stream is reset on its way: the page says that it asks, follows the import to its end, and never alarms."""
    await slowly(10)
    mari = await visit("mari", script=_NOTE_ALERTS)
    await mari.page.route("**/events/**", lambda route: route.abort("connectionreset"))
    await mari.go(f"/imports/{await begun(site, course, people(120))}/")
    connection = mari.page.locator("#connection")
    await expect(connection).to_have_attribute("data-connection", "polling")
    await expect(connection).to_contain_text("Asking every")
    await mari.some_are_created(40)
    await expect(connection).to_have_attribute("data-connection", "polling")
    await slowly(None)
    await mari.shows(created=120, pending=0)
    await mari.is_in_state("finished")
    assert not await mari.page.evaluate("window.alerted")


async def test_an_open_row_is_not_asked_for_with_every_event(
    site: Site, course: Course, visit: Visit, slowly: Slowly
) -> None:
    """While an import runs the row that somebody looks at is read again at a pace, and shows what became of it."""
    await slowly(15)
    uuid = await begun(site, course, people(150))
    mari = await visit("mari", to=f"/imports/{uuid}/")
    page = mari.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/rows/8/" in request.url else None)
    created = await mari.some_are_created()
    began = time.monotonic()
    await page.get_by_role("button", name="Details of person8@example.org").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await mari.some_are_created(min(created + 60, 150))
    most = 3 + (time.monotonic() - began) / 1.5
    assert 0 < len(asked) <= most, f"{len(asked)} in place of {most:.1f}"
    await expect(page.get_by_role("dialog").locator('.badge[data-state="created"]')).to_be_visible()
