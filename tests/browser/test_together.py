"""The page of an import has its own address: left, loaded again or opened by a colleague, it is as it is."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Slowly
from tests.browser.preparing import people
from tests.browser.visitor import Visit, Visitor
from tests.e2e.site import Course

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_ROWS = 400


async def test_left_and_found_again_by_two(course: Course, visit: Visit, slowly: Slowly) -> None:
    """Reloaded in the preview and in the middle, seen by a colleague who cancels: the other sees who and why."""
    await slowly(10)
    mari = await visit("mari")
    await mari.add_accounts(course)
    await mari.upload(people(_ROWS))
    await mari.page.reload()
    await mari.shows("verdicts", new=_ROWS)
    address = mari.path
    await mari.create(_ROWS)
    before = await mari.some_are_created(20)
    await mari.page.reload()
    assert await mari.some_are_created(before) < _ROWS
    toomas = await visit("toomas", to=address)
    await toomas.page.wait_for_url("**/imports/*/")
    assert toomas.page.url == mari.page.url
    await toomas.some_are_created(before)
    for one in (mari, toomas):
        await expect(one.page.locator("#connection")).to_have_attribute("data-connection", "live")

    await toomas.page.locator("#cancel").click()
    dialog = toomas.page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("the wrong course")
    await dialog.get_by_role("button", name="Cancel the import").click()
    for one in (toomas, mari):
        await one.is_in_state("cancelled")
        await expect(one.page.locator("#outcome")).to_contain_text("by toomas: the wrong course")
        await one.shows(pending=0)
    assert await _numbers(mari) == await _numbers(toomas)


async def _numbers(visitor: Visitor) -> list[str]:
    return await visitor.page.locator("#progress .legend li").all_inner_texts()
