"""Every page and every step: nothing that axe-core objects to, light and dark, and no scrolling sideways on a phone."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessible import too_wide, violations
from tests.browser.conftest import Slowly
from tests.browser.preparing import begun, finished, people
from tests.browser.visitor import Visit
from tests.e2e.site import UNGUARDED, Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_TROUBLES = """email,description
anna.with.a.rather.long.address.of.a.faculty@department.university.example.org,Anna
bert@gmial.com,Bert
cäsar(at)example.org,C
anna.with.a.rather.long.address.of.a.faculty@department.university.example.org,again
refused+dora@example.org,Dora
""".encode()


async def _looked_at(page: Page, where: str) -> list[str]:
    await expect(page.locator(".loading")).to_have_count(0)
    return await violations(page, where) + await too_wide(page, where)


async def test_every_step_of_adding_accounts(
    site: Site, course: Course, visit: Visit, slowly: Slowly
) -> None:
    """Courses, upload, a file nobody can read, preview, progress while rows wait, the outcome, a row, undo."""
    mari = await visit("mari")
    page = mari.page
    found = await _looked_at(page, "courses")
    await mari.add_accounts(course)
    await page.get_by_text("Or paste a list").click()
    found += await _looked_at(page, "upload")
    await page.get_by_role("tab", name="Single account").click()
    await page.get_by_role("button", name="Create 1 account").click()
    found += await _looked_at(page, "single account, refused")
    await page.get_by_role("tab", name="Batch import").click()
    await page.locator("#file").set_input_files(
        {"name": "not.csv", "mimeType": "text/csv", "buffer": b"name,phone\nAnna,1\n"}
    )
    await expect(page.locator("#file-error")).to_be_visible()
    found += await _looked_at(page, "a file nobody can read")
    await page.get_by_role("link", name="Use another file").click()
    await mari.upload(_TROUBLES)
    for closed in await page.locator("main details:not([open]) > summary").all():
        await closed.click()
    found += await _looked_at(page, "preview")
    await page.get_by_role("button", name="Edit").first.click()
    found += await _looked_at(page, "preview, a row edited")
    await page.keyboard.press("Escape")
    await mari.create(3)
    await mari.is_in_state("finished")
    await expect(page.locator("#causes article")).to_have_count(2)
    found += await _looked_at(page, "outcome")
    await page.get_by_role("button", name="Details of refused+dora@example.org").click()
    found += await _looked_at(page, "a row of an import")
    await page.keyboard.press("Escape")
    await page.locator("#undo").click()
    await expect(page.locator("#undo-count")).to_be_visible()
    found += await _looked_at(page, "undo")
    await slowly(10)
    running = await begun(site, course, people(300))
    await mari.go(f"/imports/{running}/")
    await mari.some_are_created()
    await site.faults(**UNGUARDED, down="unavailable")
    await expect(page.locator("#waiting")).to_be_visible()
    found += await _looked_at(page, "progress")
    await page.locator("#cancel").click()
    found += await _looked_at(page, "cancel")
    await page.get_by_role("dialog").get_by_role("button", name="Cancel the import").click()
    await mari.is_in_state("cancelled")
    assert not found, "\n".join(found)


async def test_every_other_page(site: Site, course: Course, visit: Visit) -> None:
    """The course with its dialogs, a story, who am I, all tabs of the operators, no such page, and signing in."""
    await finished(site, course, _TROUBLES)
    staff = await visit("olga", staff=True, to=f"/courses/{course.project_id.hex}/")
    page = staff.page
    await expect(page.locator("#accounts tbody tr")).to_have_count(3)
    await expect(page.locator("#course-causes")).to_be_visible()  # it moves what is below it
    await page.get_by_label("Select all on this page").check()
    found = await _looked_at(page, "course")
    await page.get_by_role("button", name="Extend").click()
    found += await _looked_at(page, "extend")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="The story of refused+dora@example.org").click()
    await expect(page.locator(".story-line li").first).to_be_visible()
    found += await _looked_at(page, "story")
    await page.reload()
    await expect(page.locator(".story-line li").first).to_be_visible()
    found += await _looked_at(page, "story as a page")
    await staff.go(f"/courses/{course.project_id.hex}/imports/")
    await expect(page.locator("#imports tbody tr")).to_have_count(1)
    found += await _looked_at(page, "imports of a course")
    await staff.go("/operators/")
    for number in range(await page.get_by_role("tab").count()):
        await page.get_by_role("tab").nth(number).click()
        await expect(page.get_by_role("tabpanel").locator("h2, h3, caption").first).to_be_visible()
        name = await page.get_by_role("tab", selected=True).inner_text()
        found += await _looked_at(page, f"operators: {name}")
    await staff.go("/account/")
    found += await _looked_at(page, "who am I")
    await staff.go("/courses/nowhere/")
    found += await _looked_at(page, "no such page")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Access token")).to_be_visible()
    found += await _looked_at(page, "sign-in")
    assert not found, "\n".join(found)
