"""What a page shows when: frames, numbers, paints, bytes; measured in the page itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import Page

from schemas.facts import AccountCreated
from tests.e2e.site import Course, Site

USEFUL = """
new MutationObserver((_, observer) => {
  if (document.querySelector(".course .actions a") === null) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.useful = performance.now(); }));
}).observe(document, { subtree: true, childList: true });
window.clicks = 0;
addEventListener("click", (event) => { if (event.isTrusted && event.detail > 0) window.clicks += 1; }, true);
"""
"""Run before the page: `useful`, milliseconds until a course with its button was drawn; `clicks` since then."""
_WATCH = """() => {
  const seen = { frames: [], counts: [] };
  window.seen = seen;
  let before = performance.now();
  const frame = (now) => {
    seen.frames.push((now - before) / 1000);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  let last = -1;
  new MutationObserver(() => {
    const shown = document.querySelector('#progress li[data-state="created"]');
    const count = shown === null ? 0 : Number(shown.dataset.count);
    if (count === last) return;
    last = count;
    seen.counts.push([Date.now() / 1000, count]);
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


@dataclass(frozen=True)
class Watched:
    """Seconds between frames, and when (in seconds of the clock) which number of created accounts was shown."""

    frames: Sequence[float]
    counts: Sequence[tuple[float, int]]

    @staticmethod
    async def of(page: Page) -> "Watched":
        """What was seen since `watch`."""
        seen = await page.evaluate("window.seen")
        return Watched(seen["frames"], [(when, count) for when, count in seen["counts"]])


async def watch(page: Page) -> None:
    """Begin to measure; it ends with the page."""
    await page.evaluate(_WATCH)


async def seconds_until_visible(
    site: Site, course: Course, counts: Sequence[tuple[float, int]]
) -> list[float]:
    """For each account created in a course of one import: seconds from its event until a number with it was shown."""
    events = (await site.evidence(course)).events
    times = {one.id: one.time.timestamp() for one in events if isinstance(one.fact, AccountCreated)}
    created = sorted(times.values())
    late: list[float] = []
    for when, count in counts:
        late += [when - created[number] for number in range(len(late), min(count, len(created)))]
    assert len(late) == len(created) > 0, f"{len(created)} created, {len(late)} of them shown"
    return late


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so many percent of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)]
