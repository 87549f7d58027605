"""axe-core, run in the page: what it finds against WCAG 2.2 AA and good practice."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

_SCRIPT: Final = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RUN: Final = """async (only) => {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: only ?? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ html, failureSummary }) => `${html}\\n      ${failureSummary}`),
  }));
}"""
_COLOURS: Final = {"type": "rule", "values": ["color-contrast"]}


@cache
def _script() -> str:
    assert _SCRIPT.exists(), f"{_SCRIPT} is missing: run `make browser` once"
    return _SCRIPT.read_text()


async def violations(page: Page, where: str) -> list[str]:
    """Everything axe-core finds in the page as it is, and its colours in the other scheme, one sentence each."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(_script())
    found = [_said(where, one) for one in await page.evaluate(_RUN)]
    await page.emulate_media(color_scheme="dark")
    found += [_said(f"{where}, dark", one) for one in await page.evaluate(_RUN, _COLOURS)]
    await page.emulate_media(color_scheme="light")
    return found


def _said(where: str, one: dict[str, Any]) -> str:
    return f"{where}: {one['id']}: {one['help']}\n    " + "\n    ".join(one["nodes"][:5])


async def too_wide(page: Page, where: str) -> list[str]:
    """Whether the page scrolls sideways at 360 pixels, and what makes it."""
    before = page.viewport_size
    assert before is not None
    await page.set_viewport_size({"width": 360, "height": 740})
    culprits: list[str] = await page.evaluate("""() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      const scrolls = (one) => one && one !== document.body &&
        (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
      return [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(one.parentElement))
        .map((one) => one.outerHTML.slice(0, 120)).concat("the page scrolls sideways");
    }""")
    await page.set_viewport_size(before)
    return [f"{where}, 360 pixels: {one}" for one in culprits[:5]]
