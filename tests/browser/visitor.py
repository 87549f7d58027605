"""Somebody at the page with a browser window of their own, and everything that went wrong in it."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, Request, Response, expect

from tests.e2e.site import Course

WAIT_MS: Final = 45_000
"""How long something may take to be shown, on a slow machine that does other things too."""
_LISTEN: Final = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
_STATUS_OF_ANSWER: Final = "Failed to load resource"

Visit = Callable[..., Awaitable["Visitor"]]
"""Lets somebody in: `await visit("mari", staff=False, to="/", **how the window is)`."""


class Visitor:
    """A window. `rough`: the server is disturbed on purpose, so failed requests are no trouble."""

    def __init__(self, page: Page, base: str, user: str) -> None:
        self.page = page
        self.user = user
        self.rough = False
        self.troubles: list[str] = []
        self.bytes = 0
        """Transferred until now, with headers, as they went over the wire."""
        self._base = base
        page.on("requestfinished", self._finished)
        page.on("console", self._said)
        page.on("pageerror", self._broke)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_STATUS_OF_ANSWER):
            self.troubles.append(f"{self.user}'s console: {message.text}")

    def _broke(self, error: Error) -> None:
        self.troubles.append(f"{self.user}'s page: {error.message} {error.stack or ''}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._base + "/", "data:", "blob:")):
            self.troubles.append(f"asked somebody else: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 and not self.rough:
            self.troubles.append(f"{response.request.method} {response.url}: {response.status}")

    async def _finished(self, request: Request) -> None:
        try:
            sizes = await request.sizes()
        except Error:  # the window is closed
            return
        self.bytes += sizes["responseBodySize"] + sizes["responseHeadersSize"]

    @property
    def path(self) -> str:
        """Where the window is."""
        return self.page.url.removeprefix(self._base)

    async def go(self, path: str) -> None:
        """Open an address of the page, as a bookmark does."""
        await self.page.goto(self._base + path)

    async def add_accounts(self, course: Course) -> None:
        """From the list of courses to the first step of a course."""
        card = self.page.locator(f"#course-{course.project_id.hex}")
        await card.get_by_role("link", name=re.compile("^Add accounts")).click()

    async def upload(self, content: bytes, name: str = "participants.csv") -> None:
        """Choose a file, and wait for its preview."""
        await self.page.locator("#file").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        await expect(self.page.locator("#preview")).to_be_visible()

    async def create(self, accounts: int) -> str:
        """Press the button, which says how many accounts it creates; the id of the import."""
        button = self.page.locator("#create")
        await expect(button).to_have_text(f"Create {accounts:,} account{'' if accounts == 1 else 's'}")
        await button.click()
        await self.page.wait_for_url("**/imports/*/")
        return self.page.url.rstrip("/").rpartition("/")[2]

    async def shows(self, bar: str = "progress", **counts: int) -> None:
        """Wait until the numbers below a bar are these; a class that is not shown counts nought."""
        for state, number in counts.items():
            shown = self.legend(state, bar)
            if number:
                await expect(shown).to_have_attribute("data-count", str(number))
            else:
                await expect(shown.and_(self.page.locator(':not([data-count="0"])'))).to_have_count(0)

    def legend(self, state: str, bar: str = "progress") -> Locator:
        """One number below a bar."""
        return self.page.locator(f'#{bar} li[data-state="{state}"]')

    async def is_in_state(self, state: str, *, within_s: float = WAIT_MS / 1000) -> None:
        """Wait until the import is in a state."""
        badge = self.page.locator(f'h1 .badge[data-state="{state}"]')
        await expect(badge).to_be_visible(timeout=within_s * 1000)

    async def some_are_created(self, least: int = 1) -> int:
        """Wait until so many accounts of the import are there; how many there are."""
        await self.page.wait_for_function(
            "least => Number(document.querySelector('#progress li[data-state=created]')?.dataset.count) >= least",
            arg=least,
        )
        return int(await self.legend("created").get_attribute("data-count") or 0)


async def let_in(
    browser: Browser, base: str, way_in: str, user: str, to: str, script: str = "", **window: object
) -> Visitor:
    """Open a window with the one-time address, then go `to`; `script` runs before anything of the page."""
    context = await browser.new_context(
        **{  # type: ignore[arg-type]
            "base_url": base,
            "locale": "en-GB",
            "timezone_id": "UTC",
            "viewport": {"width": 1280, "height": 900},
            "reduced_motion": "reduce",
            **window,
        }
    )
    context.set_default_timeout(WAIT_MS)
    await context.add_init_script(_LISTEN + script)
    visitor = Visitor(await context.new_page(), base, user)
    await visitor.page.goto(way_in)
    await expect(visitor.page.get_by_role("button", name="Sign out")).to_be_visible()
    if to != "/":
        await visitor.go(to)
    return visitor
