"""Makes the pictures of the page in `docs/images/` from real data: `make screenshots`. Takes a minute."""

import asyncio
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from tests.browser.preparing import begun, finished
from tests.browser.sample import COURSE, LARGE, PEOPLE, REFUSED_FOR_NOW, WILD
from tests.browser.visitor import Visitor, let_in
from tests.e2e.site import Course, Site, running
from tests.support import chromium
from tests.support.embedded import throwaway_folder
from tests.support.waiting import until

_INTO: Final = Path(__file__).resolve().parents[2] / "docs" / "images"
_MOST_BYTES: Final = 150_000
_WIDE: Final = {"width": 1200, "height": 800}
_PHONE: Final = {"width": 390, "height": 844}
_COLOURS: Final = 256


async def main() -> int:
    """Start an installation, take the pictures, end it."""
    executable = chromium.executable()
    if executable is None:
        sys.stderr.write(f"{chromium.MISSING}\n")
        return 1
    expect.set_options(timeout=30_000)
    warden = Reaper()
    try:
        with throwaway_folder(warden) as folder:
            async with running(folder, warden) as site, async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=executable)
                await _Photographer(site, browser).work()
                await browser.close()
            discard(folder / "course-accounts" / "postgres")
    finally:
        warden.close()
    return 0


class _Photographer:
    def __init__(self, site: Site, browser: Browser) -> None:
        self._site = site
        self._browser = browser

    async def work(self) -> None:
        """Every picture, in the order in which a person comes to them."""
        course = await self._course()
        await finished(self._site, course, PEOPLE, "participants.csv")
        mari = await self._visitor("mari", _WIDE)
        await expect(mari.page.locator(".course .legend").first).to_be_visible()
        await mari.add_accounts(course)
        await expect(mari.page.locator(".limits li").nth(3)).to_be_visible()
        await _take(mari.page, "page-upload")
        await self._site.faults(refuse=REFUSED_FOR_NOW)
        await mari.upload(WILD, "osalejad.csv")
        await _take(mari.page, "page-preview", height=1350)
        await mari.page.locator("#create").click()
        await mari.page.wait_for_url("**/imports/*/")
        await mari.is_in_state("finished")
        await expect(mari.page.locator("#causes article")).to_have_count(2)
        await _take(mari.page, "page-finished", height=1250)
        await self._progress(course)
        await self._course_and_story(mari, course)
        await self._operators(course)

    async def _progress(self, course: Course) -> None:
        await self._site.faults()
        await self._site.http.patch("/api/target/", json={"rate": 1})
        light = await self._visitor("mari", _WIDE, to=f"/courses/{course.project_id.hex}/add/")
        await light.upload(LARGE, "spring-school.csv")
        running = await light.create(6_000)
        dark = await self._visitor("mari", _WIDE, to=f"/imports/{running}/", color_scheme="dark")
        phone = await self._visitor(
            "mari", _PHONE, to=f"/imports/{running}/", device_scale_factor=1.5, is_mobile=True
        )
        await light.some_are_created(2_000)
        await _take(light.page, "page-progress")
        await self._site.faults(down="unavailable")
        for visitor in (dark, phone):
            await expect(visitor.page.locator("#waiting")).to_contain_text("Next try at")
        await _take(dark.page, "page-progress-dark")
        await _take(phone.page, "page-progress-phone")
        await self._site.faults()
        await self._site.http.patch("/api/target/", json={"rate": None})
        await light.is_in_state("finished")

    async def _course_and_story(self, mari: Visitor, course: Course) -> None:
        page = mari.page
        await mari.go(f"/courses/{course.project_id.hex}/")
        await expect(page.locator("#accounts tbody tr").first).to_be_visible()
        await expect(page.locator("#course-causes")).to_be_visible()
        await _take(page, "page-course", height=1150)
        await page.get_by_label("Search by address").fill("flaky")
        await page.get_by_role("button", name="The story of flaky").first.click()
        await expect(page.locator(".story-line li.good").first).to_be_visible()
        await _take(page, "page-story")

    async def _operators(self, course: Course) -> None:
        await self._site.http.post(
            "/api/target/pause/", json={"reason": "They change their disks until ten."}
        )
        await begun(self._site, course, b"email\nlate.comer@example.org\n", "late.csv")
        olga = await self._visitor("olga", _WIDE, staff=True, to="/operators/")
        await expect(olga.page.locator("#read-models tbody tr").first).to_be_visible()
        await _take(olga.page, "page-operators", height=570)
        await self._site.http.post("/api/target/resume/")

    async def _course(self) -> Course:
        """The course of the demo, with mari as its manager."""
        found = next(one for one in self._site.installation.ready["projects"] if one["name"] == COURSE)
        answer = await self._site.http.patch(
            f"/api/course-projects/{found['uuid']}/", json={"managers": ["mari"]}
        )
        assert answer.status_code == 200, answer.text

        async def known() -> bool:
            asked = "SELECT EXISTS (SELECT FROM access.project_roles WHERE user_id = 'mari')"
            return bool(await self._site.tables.fetchval(asked))

        await until(known, "mari to be the manager")
        return Course(UUID(found["uuid"]), answer.json()["slug"])

    async def _visitor(
        self, user: str, size: Mapping[str, int], *, staff: bool = False, to: str = "/", **window: object
    ) -> Visitor:
        answer = await self._site.http.post("/api/sign-ins/", json={"user_id": user, "staff": staff})
        base = self._site.installation.ready["url"]
        return await let_in(self._browser, base, answer.json()["url"], user, to, viewport=size, **window)


async def _take(page: Page, name: str, *, height: int | None = None) -> None:
    """Write `name`.png with few colours, which is enough for a page; `height` in pixels, if not the usual.

    Raises:
        AssertionError: it is too large to be looked at in a README.
    """
    await expect(page.locator(".loading")).to_have_count(0)
    await page.evaluate("document.activeElement?.blur()")
    if height is not None:
        await page.set_viewport_size({"width": _WIDE["width"], "height": height})
    taken = await page.screenshot(animations="disabled", caret="hide")
    if height is not None:
        await page.set_viewport_size(dict(_WIDE))
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    small = io.BytesIO()
    picture.quantize(palette=_commonest(picture), dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    assert small.tell() < _MOST_BYTES, f"{name}.png has {small.tell():,} bytes"
    await asyncio.to_thread((_INTO / f"{name}.png").write_bytes, small.getvalue())
    sys.stdout.write(f"{name}.png  {picture.width} × {picture.height}  {small.tell() / 1000:.0f} kB\n")


def _commonest(picture: Image.Image) -> Image.Image:
    """A palette of the colours that cover most: grounds and bars stay as they are, edges of letters come close."""
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)[:_COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted for part in colour])
    return palette


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
