"""What staff mend: records that nobody could read, and sets of tables built again."""

import re

import pytest
from playwright.async_api import expect

from schemas.topics import LOG
from tests.browser.accessible import violations
from tests.browser.preparing import finished
from tests.browser.visitor import Visit
from tests.e2e.raw import publish_raw
from tests.e2e.site import Course, Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def test_a_record_nobody_can_read_is_redriven_and_dropped(site: Site, visit: Visit) -> None:
    """Staff look at its bytes, try it again, are told that it failed again, and drop it with a reason."""
    headers = [("ce_type", b"org.course-accounts.account-created.v1")]
    offset = await publish_raw(site.installation.ready["kafka"], LOG, 0, b"a key", b"{\x00", headers)
    record = f"{LOG}~0~{offset}"

    async def in_both() -> bool:
        found = await site.person.run("parked", "show", record)
        return found.out.count("BAD_FACT") >= 2

    await until(in_both, "the record to be parked twice")
    staff = await visit("olga", staff=True, to="/operators/parked/")
    page = staff.page
    listed = page.locator("#parked-list")
    await listed.get_by_label("Service").select_option(label="Provisioner")
    await page.get_by_role("button", name=f"Look at {record}").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("BAD_FACT")).to_be_visible()
    await expect(dialog.get_by_role("region", name="Value")).to_contain_text("7b 00")
    await page.keyboard.press("Escape")

    ticked = page.get_by_role("checkbox", name=f"Select {record}")
    await ticked.check()
    await listed.get_by_role("button", name="Redrive …").click()
    await dialog.get_by_role("button", name="Redrive 1 record").click()
    redriven = page.locator(".job", has_text="Redrive, Provisioner: 1 record")
    await expect(redriven).to_have_attribute("data-state", "finished")
    await expect(redriven).to_contain_text("1 failed again")
    assert not await violations(page, "a job with dead letters")

    await ticked.check()
    await listed.get_by_role("button", name="Drop …").click()
    await dialog.get_by_role("button", name="Drop 1 record").click()
    await expect(dialog.get_by_text("Say why nobody needs them")).to_be_visible()
    await dialog.get_by_label("Reason").fill("a test made it")
    await dialog.get_by_role("button", name="Drop 1 record").click()
    dropped = page.locator(".job", has_text="Drop, Provisioner: 1 record")
    await expect(dropped).to_contain_text("1 record dropped.")
    await expect(ticked).to_have_count(0)
    await listed.get_by_label("State").select_option(label="Dropped")
    await expect(page.get_by_role("button", name=f"Look at {record}")).to_be_visible()
    ended = await site.person.run(
        "parked", "drop", "-s", "projector", record, "--yes", "--wait", "--reason", "a test made it"
    )
    assert ended.code == 0, ended.err


async def test_a_set_is_built_compared_and_cleaned_up(site: Site, course: Course, visit: Visit) -> None:
    """Staff build the tables again, see that they hold the same as those in use, and drop them."""
    await finished(site, course, b"email\nanna@example.org\n")
    await site.drained()
    staff = await visit("olga", staff=True, to="/operators/replays/")
    page = staff.page
    await page.get_by_role("button", name="Build a set …").click()
    dialog = page.get_by_role("dialog", name="Build a set")
    await dialog.get_by_label("Reason").fill("to see whether it is the same")
    await dialog.get_by_role("button", name="Build it").click()
    await expect(dialog).to_have_count(0)
    card = page.locator(".replay", has_text="because: to see whether it is the same")
    await expect(card).to_have_attribute("data-state", "warm")
    await expect(card.get_by_role("heading", name="How it compares")).to_be_visible()
    await expect(card.get_by_role("button", name="Swap …")).to_be_visible()
    await expect(card.locator(".notice")).to_contain_text(re.compile("^Equal: .*row for row"))
    await card.get_by_role("button", name="Clean up …").click()
    await page.get_by_role("dialog").get_by_role("button", name="Clean up", exact=True).click()
    await expect(card).to_have_attribute("data-state", "done")
