"""From a file as it comes out of Excel to accounts for everybody, with the page alone."""

import csv
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from deploy.account_service import journal
from tests.browser.visitor import Visit
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_PEOPLE = [(f"osaleja{number}@example.org", f"Jüri Õunapuu {number}") for number in range(1, 21)]
_ROWS = [
    *_PEOPLE,
    ("anne.tamm@gmial.com", "two with the same slip"),
    ("peeter.kask@gmial.com", ""),
    ("OSALEJA1@example.org", "again, in capitals"),
    ("osaleja2@example.org", "again"),
    ("no-at-sign.example.org", "cannot be an address"),
    ("refused+max@example.org", "for good"),
    ("siim@late.example.org", "not yet"),
    ("tiit@late.example.org", "not yet"),
    ("flaky+kai@example.org", "at the third try"),
]
_WILD = "\r\n".join(
    ["E-post;Märkus;Telefon", *(f"{email};{about};55" for email, about in _ROWS), ";;", ""]
).encode("windows-1252")


async def test_a_wild_file_becomes_accounts(site: Site, course: Course, visit: Visit, tmp_path: Path) -> None:
    """Upload, preview, fix alike with one click, create, watch, retry by cause, correct in the row: all are created."""
    await site.faults(refuse="*@late.example.org")
    mari = await visit("mari")
    page = mari.page
    await mari.add_accounts(course)
    await mari.upload(_WILD, "osalejad.csv")
    await expect(page.locator("#how-read")).to_contain_text("Windows-1252")
    await expect(page.locator("#how-read")).to_contain_text("semicolon")
    await expect(page.locator("#how-read")).to_contain_text("Telefon")
    await mari.shows("verdicts", new=26, duplicate=2, invalid=1)
    slips = page.locator(".cause", has_text="gmail.com")
    await slips.get_by_role("button", name=re.compile(r"^Fix (all )?2")).click()
    await expect(slips).to_have_count(0)
    import_id = await mari.create(26)

    await mari.is_in_state("finished")
    await mari.shows(created=23, failed=3, duplicate=2, invalid=1, pending=0)
    await site.faults()
    await page.locator("#causes [data-code=REFUSED]").get_by_role("button", name="Retry these 3").click()
    await mari.shows(created=25, failed=1, pending=0)
    for cause, wrong, right in (
        ("REFUSED", "refused+max@example.org", "max"),
        ("invalid", "no-at-sign.example.org", "noat"),
    ):
        await page.locator(f"#causes [data-code={cause}]").get_by_role("button", name="Show").click()
        await page.get_by_role("button", name=f"Details of {wrong}").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("E-mail address").fill(f"{right}@example.org")
        await dialog.get_by_role("button", name="Correct and try again").click()
        await expect(dialog).to_have_count(0)
    await mari.shows(created=27, failed=0, invalid=0, duplicate=2)
    await mari.is_in_state("finished")
    await expect(page.locator("#equation")).to_contain_text("29 = 27 created + 2 duplicate")

    async with page.expect_download() as started:
        await page.locator('.downloads a[href*="accounts.csv"]').click()
    await (await started.value).save_as(tmp_path / "accounts.csv")
    with (tmp_path / "accounts.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["email"]: row for row in csv.DictReader(file)}
    made = [
        one.email
        for one in journal.created(journal.read(site.installation.journal))
        if one.scope == course.slug
    ]
    assert sorted(made) == sorted(listed)
    assert len(set(made)) == len(made) == 27
    assert "anne.tamm@gmail.com" in listed
    assert listed["osaleja7@example.org"]["description"] == "Jüri Õunapuu 7"
    assert all(row["username"] for row in listed.values())
    assert (await site.status(import_id))["counts"]["created"] == 27


async def test_undo_says_how_many_first(course: Course, visit: Visit) -> None:
    """A pasted list is created; Undo counts what it would close, closes it, and says so."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/add/")
    page = mari.page
    await page.get_by_text("Or paste a list").click()
    await page.get_by_label("Addresses").fill("\n".join(f"pasted{n}@example.org" for n in range(1, 13)))
    await page.get_by_role("button", name="Preview the list").click()
    await mari.create(12)
    await mari.is_in_state("finished")
    await page.locator("#undo").click()
    await expect(page.locator("#undo-count")).to_contain_text("12 accounts will be closed")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("the wrong list")
    await dialog.get_by_role("button", name="Close 12 accounts").click()
    await mari.is_in_state("undone")
    await mari.shows(closed=12, created=0)
    await expect(page.locator("#outcome")).to_contain_text("12 accounts closed")
    await expect(page.locator("#outcome")).to_contain_text("the wrong list")


async def test_a_single_account(course: Course, visit: Visit) -> None:
    """One person, with a slip in the address: the advice is taken with one click, and the account is there."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/add/single/")
    page = mari.page
    await page.get_by_label("E-mail address").fill("kaja.kallas@gmial.com")
    await page.get_by_label("Description").fill("guest speaker")
    await page.get_by_role("button", name="Create 1 account").click()
    await page.get_by_role("button", name="Use kaja.kallas@gmail.com").click()
    await page.wait_for_url("**/imports/*/")
    await mari.is_in_state("finished")
    await mari.shows(created=1, failed=0)
