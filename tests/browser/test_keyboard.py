"""The whole way without a mouse."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.preparing import people
from tests.browser.visitor import Visit, Visitor
from tests.e2e.site import Course

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_MOST_STOPS = 60


async def test_from_the_address_to_accounts_by_keyboard(course: Course, visit: Visit) -> None:
    """Tab and Enter alone: to the course, the file, a fix, the accounts, a failed row put right, and out of it."""
    mari = await visit("mari")
    page = mari.page
    card = page.locator(f"#course-{course.project_id.hex}")
    await _tab_to(mari, card.get_by_role("link", name=re.compile("^Add accounts")))
    await page.keyboard.press("Enter")
    await _tab_to(mari, page.get_by_role("tab", name="Batch import"))
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_label("E-mail address")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    # The browser is told first that a chooser is wanted, and has time to hear it before Enter.
    async with page.expect_file_chooser() as choosing:
        await _tab_to(mari, page.get_by_role("button", name="Choose a file"))
        await page.keyboard.press("Enter")
    rows = people(5, prefix="key") + b"liis@gmial.com,slip\nrefused+key@example.org,refused\n"
    await (await choosing.value).set_files({"name": "keys.csv", "mimeType": "text/csv", "buffer": rows})
    await expect(page.locator("#preview")).to_be_visible()
    slip = page.locator(".cause", has_text="gmail.com")
    await _tab_to(mari, slip.get_by_role("button", name=re.compile("^Fix")).first)
    await page.keyboard.press("Enter")
    await expect(slip).to_have_count(0)
    await expect(page.locator("#preview")).to_be_focused()
    await _tab_to(mari, page.locator("#create"))
    await page.keyboard.press("Enter")
    await mari.is_in_state("finished")
    await mari.shows(created=6, failed=1)
    row = page.get_by_role("button", name="Details of refused+key@example.org")
    await _tab_to(mari, row)
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await _tab_to(mari, dialog.get_by_label("E-mail address"))
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("right@example.org")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await mari.shows(created=7, failed=0)
    await expect(page.locator("#live")).not_to_be_empty()


async def _tab_to(visitor: Visitor, wanted: Locator) -> None:
    """Press Tab until it has the focus; each stop on the way must be seen to have it."""
    await expect(wanted).to_be_visible()
    for _ in range(_MOST_STOPS):
        await visitor.page.keyboard.press("Tab")
        stop = await visitor.page.evaluate("""() => {
          const one = document.activeElement;
          if (one === null || one === document.body) return null;
          return { html: one.outerHTML.slice(0, 100), outline: getComputedStyle(one).outlineStyle };
        }""")
        assert stop is None or stop["outline"] != "none", f"nobody sees the focus on {stop['html']}"
        if await wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{_MOST_STOPS} times Tab do not lead to {wanted}")
