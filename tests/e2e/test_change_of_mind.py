"""A person changes their mind: cancels, corrects a row, undoes; an account that others asked for too stays."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from deploy.account_service import journal
from tests.e2e.site import UNGUARDED, Course, Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def _ask(site: Site, import_id: str, command: str, **body: object) -> dict[str, Any]:
    answer = await site.http.post(f"/api/course-imports/{import_id}/{command}/", json=body)
    assert answer.status_code in (200, 202), answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _foretold(site: Site, import_id: str) -> dict[str, int]:
    answer = await site.http.post(f"/api/course-imports/{import_id}/undo/?dry_run=1", json={})
    assert answer.status_code == 200, answer.text
    return {name: answer.json()[name] for name in ("close", "kept", "nothing", "pending")}


async def _until(site: Site, import_id: str, state: str) -> dict[str, int]:
    found: dict[str, Any] = {}

    async def there() -> bool:
        nonlocal found
        found = await site.status(import_id)
        return bool(found["state"] == state)

    await until(there, f"the import to be {state}", within_s=60)
    return {name: count for name, count in found["counts"].items() if count}


async def _imported(site: Site, course: Course, file: Path) -> str:
    ended = await site.import_file(course, file)
    return str(ended.last["uuid"])


def _file(site: Site, course: Course, name: str, addresses: list[str]) -> Path:
    path = site.folder / f"{course.slug}-{name}.csv"
    path.write_text("\n".join(["email,description", *(f"{one},x" for one in addresses), ""]))
    return path


async def test_cancelled_in_the_middle(site: Site, course: Course) -> None:
    """What has not started never starts; the equation stays exact, and the command that waits says so."""
    await site.faults(**UNGUARDED, latency_ms=200)
    command, import_id = await site.begin_import(course, course.file(site.folder, 3000))
    await site.progress(import_id, 100)
    await _ask(site, import_id, "cancel", reason="wrong file")
    counts = await _until(site, import_id, "cancelled")
    assert counts["cancelled"] > 1000
    assert counts["created"] + counts["cancelled"] == counts["rows"] == 3000
    ended = await command.end()
    assert ended.code == 3, ended.err
    evidence = await site.check(course)
    assert len(evidence.created) == counts["created"]
    told = await _foretold(site, import_id)
    assert (told["close"], told["pending"]) == (counts["created"], 0)


async def test_an_undo_closes_what_this_import_alone_made(site: Site, course: Course) -> None:
    """50 of 200 people are in a second import too: theirs stay, whichever import is undone first."""
    await site.faults(**UNGUARDED)
    shared = [f"shared{n}@example.org" for n in range(50)]
    own = [f"own{n}@example.org" for n in range(150)]
    first = await _imported(site, course, _file(site, course, "first", shared + own))
    second = await _imported(site, course, _file(site, course, "second", shared))
    told = await _foretold(site, first)
    assert (told["close"], told["kept"]) == (150, 50)
    await _ask(site, first, "undo", reason="wrong course")
    assert await _until(site, first, "undone") == {"rows": 200, "closed": 150, "created": 50}
    assert (await site.status(second))["counts"]["existing"] == 50
    evidence = await site.check(course)
    closed = {effect.username for effect in evidence.effects if isinstance(effect, journal.Closed)}
    kept = {one.email for one in evidence.created if one.username not in closed}
    assert kept == set(shared)


async def test_an_account_stays_when_the_other_import_that_wants_it_is_cancelled(
    site: Site, course: Course
) -> None:
    """Two imports wait for the same accounts; the first is cancelled, the second gets them."""
    await site.faults(**UNGUARDED, down="unavailable")
    people = [f"wanted{n}@example.org" for n in range(40)]
    files = [_file(site, course, name, people) for name in ("one", "two")]
    first, first_id = await site.begin_import(course, files[0])
    await until(lambda: _requested(site, first_id, 40), "the first import to be on the log")
    second, second_id = await site.begin_import(course, files[1])
    await until(lambda: _requested(site, second_id, 40), "the second import to be on the log")
    await _ask(site, first_id, "cancel")
    assert await _until(site, first_id, "cancelled") == {"rows": 40, "cancelled": 40}
    await site.faults(**UNGUARDED)
    assert await _until(site, second_id, "finished") == {"rows": 40, "created": 40}
    assert [one.code for one in await asyncio.gather(first.end(), second.end())] == [3, 0]
    assert len((await site.check(course)).created) == 40


async def _requested(site: Site, import_id: str, rows: int) -> bool:
    answered = await site.tables.fetchval(
        "SELECT count(*) FROM projector.import_rows WHERE import_id = $1::uuid", import_id
    )
    return bool(answered == rows)


async def test_a_refused_row_is_corrected_and_created(site: Site, course: Course) -> None:
    """The row follows its newest revision; the invalid one too; nobody has two accounts."""
    people = ["refused+anna@example.org", "not an address", "bert@example.org"]
    import_id = await _imported(site, course, _file(site, course, "wrong", people))
    assert await _until(site, import_id, "finished") == {"rows": 3, "created": 1, "failed": 1, "invalid": 1}
    for row, email in ((1, "anna@example.org"), (2, "carl@example.org")):
        answer = await site.http.patch(f"/api/course-imports/{import_id}/rows/{row}/", json={"email": email})
        assert answer.status_code == 200, answer.text
        assert answer.json()["revision"] == 1

    async def all_made() -> bool:
        return bool((await site.status(import_id))["counts"]["created"] == 3)

    await until(all_made, "the corrected rows to be created")
    taken = await site.http.patch(
        f"/api/course-imports/{import_id}/rows/1/", json={"email": "dora@example.org"}
    )
    assert taken.status_code == 409, taken.text
    assert await _foretold(site, import_id) == {"close": 3, "kept": 0, "nothing": 0, "pending": 0}
    assert len((await site.check(course)).created) == 3
