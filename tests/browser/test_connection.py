"""How the page knows what it shows, where events do not come through."""

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
