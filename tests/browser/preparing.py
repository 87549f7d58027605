"""Imports made through the API, for tests that are about what comes afterwards."""

from uuid import uuid4

from tests.e2e.site import Course, Site
from tests.support.waiting import until


def people(rows: int, *, first: int = 1, prefix: str = "person") -> bytes:
    """A file of so many new addresses."""
    lines = [f"{prefix}{row}@example.org,Row {row}" for row in range(first, first + rows)]
    return "\n".join(["email,description", *lines, ""]).encode()


async def begun(site: Site, course: Course, content: bytes, name: str = "participants.csv") -> str:
    """Submit a file; the id of the import."""
    draft = await site.http.post(
        "/api/import-drafts/",
        data={"project": course.project_id.hex},
        files={"file": (name, content, "text/csv")},
    )
    assert draft.status_code in (201, 202), draft.text
    uuid: str = draft.json()["uuid"]

    async def read() -> bool:
        nonlocal draft
        draft = await site.http.get(f"/api/import-drafts/{uuid}/")
        return bool(draft.json()["state"] == "previewed")

    await until(read, "the file to be read")
    answer = await site.http.post(
        f"/api/import-drafts/{uuid}/submit/",
        json={"preview_hash": draft.json()["preview_hash"]},
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert answer.status_code == 202, answer.text

    async def seen() -> bool:
        return (await site.http.get(f"/api/course-imports/{uuid}/")).status_code == 200

    await until(seen, "the import to be shown")
    return uuid


async def finished(site: Site, course: Course, content: bytes, name: str = "participants.csv") -> str:
    """Submit a file and wait for the end of the import; its id."""
    uuid = await begun(site, course, content, name)

    async def over() -> bool:
        return bool((await site.status(uuid))["state"] == "finished")

    await until(over, "the end of the import", within_s=60)
    return uuid
