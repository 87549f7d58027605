"""Coming in and going out."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser.visitor import Visit
from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_the_printed_address_signs_in_once(site: Site, browser: Browser) -> None:
    """It signs in and vanishes from the address; a second use says what happened, and offers another way."""
    way_in = (await site.http.post("/api/sign-ins/", json={"user_id": "mari"})).json()["url"]
    first = await (await browser.new_context()).new_page()
    await first.goto(way_in)
    await expect(first.get_by_role("heading", name="Courses")).to_be_visible()
    assert "sign-in" not in first.url
    second = await (await browser.new_context()).new_page()
    await second.goto(way_in)
    await expect(second.get_by_role("alert")).to_contain_text("The link has been used already")
    await expect(second.get_by_label("Access token")).to_be_visible()
    for page in (first, second):
        await page.context.close()


async def test_sign_out_and_in_with_a_token(site: Site, course: Course, visit: Visit) -> None:
    """Signed out, nothing of a course is shown, also not by going back; a token signs in again, a wrong one is told."""
    mari = await visit("mari", to=f"/courses/{course.project_id.hex}/")
    page = mari.page
    await expect(page.get_by_role("heading", name=f"Course {course.slug}")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("You are signed out.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text(course.slug)).to_have_count(0)
    for go in (page.go_back, page.go_forward):
        await go()
        await expect(page.get_by_label("Access token")).to_be_visible()
        await expect(page.get_by_text(course.slug)).to_have_count(0)
    token = page.get_by_label("Access token")
    await token.fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("This token is not known here")).to_be_visible()
    made = await site.http.post("/api/tokens/", json={"user_id": "mari", "may_write": True})
    await token.fill(made.json()["token"])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name=f"Course {course.slug}")).to_be_visible()


async def test_the_policy_forbids_what_the_page_does_not_need(visit: Visit, site: Site) -> None:
    """No script, style or frame from elsewhere, no inline script, no markup made of text, no framing by others."""
    answer = await site.http.get("/")
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert not re.search(r"unsafe|\*|https?:|data:", policy["script-src"] + policy.get("connect-src", ""))
    mari = await visit("mari")
    refused = await mari.page.evaluate("""() => new Promise((tell) => {
        addEventListener("securitypolicyviolation", (event) => tell(event.effectiveDirective), { once: true });
        try {
          document.body.innerHTML = "<img src=x onerror='window.ran = true'>";
        } catch {}  // the report tells
    })""")
    assert refused == "require-trusted-types-for"
    assert not await mari.page.evaluate("window.ran")
    mari.troubles.clear()
