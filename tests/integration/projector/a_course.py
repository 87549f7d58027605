"""A course of five rows, as most tests of the HTTP contract read it."""

from typing import Any

import httpx2

from tests.unit.projector.stories import Story, claim, import_of

A = import_of("a")
STATUS = f"/api/course-imports/{A.hex}/"
ROWS, ACCOUNTS = f"{STATUS}rows/", "/api/marketplace-course-accounts/"


def a_course() -> Story:
    """Five rows: created, failed, waiting, invalid, duplicate."""
    story = Story().accepted("a", 5, 3).skipped("a", _4="invalid", _5="duplicate")
    for row, person in enumerate(("ann", "ben", "cleo"), start=1):
        story.requested("a", row, person)
    story.created("ann", claim("a", 1)).failed("ben", claim("a", 2)).retried("cleo", claim("a", 3))
    return story


def equation(status: dict[str, Any]) -> bool:
    """Whether the counts add up."""
    counts = dict(status["counts"])
    return bool(counts.pop("rows") == sum(counts.values()))


async def every(http: httpx2.AsyncClient, path: str) -> list[dict[str, Any]]:
    """All results of a list, page by page."""
    found = []
    following: str | None = path
    while following:
        body = (await http.get(following)).json()
        found += body["results"]
        following = body["next"]
    return found
