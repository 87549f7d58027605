"""The account service paused, then away, then back: what whoever asks for the status sees of it."""

from typing import Any

import pytest

from tests.e2e.site import UNGUARDED, Course, Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_ROWS = 40


async def test_rows_wait_for_the_account_service_and_say_so(site: Site, course: Course) -> None:
    """The status and each row say why, while operators pause and while it is down; then all are made, once each."""
    assert (await site.http.post("/api/target/pause/", json={"reason": "moving"})).status_code == 200
    command, import_id = await site.begin_import(course, course.file(site.folder, _ROWS))
    found: dict[str, Any] = {}

    async def waits(*reasons: str, timed: bool = False) -> None:
        async def seen() -> bool:
            answer = await site.http.get(f"/api/course-imports/{import_id}/")
            found.update(answer.json() if answer.status_code == 200 else {})
            waiting = found.get("waiting") or {}
            named = bool(waiting.get("next_attempt")) or not timed  # null while an attempt is being made
            return bool(found["counts"]["waiting"] == _ROWS and waiting.get("reason") in reasons and named)

        await until(seen, f"the status to say: {reasons}")

    await waits("The operators have paused the work with the account service.")
    assert found["state"] == "running"
    rows = (await site.http.get(f"/api/course-imports/{import_id}/rows/?class=waiting")).json()["results"]
    assert {row["phase"] for row in rows} == {"waiting_for_account_service"}
    assert {row["attempts"] for row in rows} == {0}
    await site.faults(**UNGUARDED, down="unavailable")
    assert (await site.http.post("/api/target/resume/")).status_code == 200
    await waits("The account service cannot be reached.", "The account service asks us to wait.", timed=True)
    assert found["waiting"]["next_attempt"] > found["waiting"]["since"]
    assert (await site.http.get("/api/target/")).json()["state"] in {"held", "down"}
    await site.faults(**UNGUARDED)
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, _ROWS), ended.err
    assert ended.last["waiting"] is None
    assert len((await site.check(course)).created) == _ROWS
