"""Three provisioners: a small import beside large ones, and one copy that is silent for a minute.

`SOAK_ROWS` (50,000 here) makes it smaller.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping

import pytest

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from deploy.embedded.stack import UNLIMITED
from tests.e2e.checker import calls
from tests.e2e.checker.verdict import verdict
from tests.e2e.site import UNGUARDED, Course, Site, running
from tests.soak.saying import say
from tests.support.embedded import throwaway_folder
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(2400)

_ROWS = int(os.environ.get("SOAK_ROWS", "50000"))
_SILENT_S = 60.0
_GOAL_S = 5.0
_CALLERS = 3 * 64
_SLOW: Mapping[str, object] = {"latency_ms": min(5000, _CALLERS * 180 / _ROWS * 1000)}
"""All rows take three minutes or so."""


@pytest.fixture(scope="module")
async def site(warden: Reaper) -> AsyncIterator[Site]:
    """Three provisioners; what they ask for is noted."""
    with throwaway_folder(warden) as folder:
        async with running(folder, warden, "--copies", "provisioner=3", env=UNLIMITED, failing=True) as site:
            yield site
        discard(folder / "course-accounts" / "postgres")


@pytest.mark.parametrize("imports", [1, 50], ids=["one large import", "50 imports of one other project"])
@pytest.mark.parametrize("arrays", [False, True], ids=["one call each", "arrays"])
async def test_a_small_import_does_not_wait_for_others(site: Site, imports: int, arrays: bool) -> None:
    """Beside tens of thousands 10 rows of another course are done within 5 seconds of the start of the command."""
    latency = {"latency_ms": 1000} if arrays else _SLOW
    await site.faults(**{**UNGUARDED, **latency, "arrays": arrays})
    large, small = await site.course(), await site.course()
    rows = _ROWS // imports
    for number in range(imports):
        await site.begin_import(large, large.file(site.folder, rows, prefix=f"large{number}-"))
    await _under_way(site, large, 100)
    started = time.monotonic()
    command, import_id = await site.begin_import(small, small.file(site.folder, 10))
    submitted = time.monotonic() - started

    async def finished() -> bool:
        answer = await site.http.get(f"/api/course-imports/{import_id}/")
        return answer.status_code == 200 and answer.json()["state"] == "finished"

    await until(finished, "the ten rows", within_s=300)
    took = time.monotonic() - started
    left = await _left(site, large)
    say(
        "10 rows while others are under way:",
        imports=imports,
        arrays=arrays,
        from_command_s=round(took, 1),
        from_submission_s=round(took - submitted, 1),
        submission_answered_s=round(submitted, 1),
        load_average=round(os.getloadavg()[0], 1),
        others_left=left,
    )
    assert left > 0, "nothing was under way any more"
    assert (await command.end()).code == 0
    await site.faults(**UNGUARDED)
    await _done(site, large)
    assert took < _GOAL_S


async def test_one_copy_is_silent_for_a_minute(site: Site) -> None:
    """The others do its work meanwhile; when it is back nothing has happened twice, and all three have worked."""
    await site.faults(**UNGUARDED, latency_ms=500)
    course = await site.course()
    command, _ = await site.begin_import(course, course.file(site.folder, min(_ROWS, 10_000)))
    await _under_way(site, course, 300)
    silent = site.installation.pids("provisioner")[0]
    os.kill(silent, signal.SIGSTOP)
    started = time.monotonic()
    try:
        await _done(site, course)
        done = time.monotonic() - started
        await asyncio.sleep(max(0.0, _SILENT_S - done))  # the promise is about a minute
    finally:
        os.kill(silent, signal.SIGCONT)
    ended = await command.end()
    await site.drained()
    evidence = await site.evidence(course)
    found = {kind: len(sentences) for kind, sentences in verdict(evidence).items()}
    asked = {pid: len(made) for pid, made in calls.read(site.installation.failpoints).items()}
    repeated = calls.repeated(calls.read(site.installation.failpoints), evidence)
    say(
        "one of three silent for a minute:",
        finished_s=round(done, 1),
        calls=asked,
        repeated=repeated,
        **found,
    )
    assert ended.code == 0, ended.err
    assert not any(found.values())
    assert all(asked.get(pid) for pid in site.installation.pids("provisioner"))


async def _under_way(site: Site, course: Course, least: int) -> None:
    async def enough() -> bool:
        return await _accounts(site, course, "state = 2") >= least

    await until(enough, f"{least} accounts", within_s=180)


async def _left(site: Site, course: Course) -> int:
    return await _accounts(site, course, "state = 1")


async def _done(site: Site, course: Course) -> None:
    async def nothing_left() -> bool:
        return not await _left(site, course) and not await site.tables.fetchval(
            "SELECT EXISTS (SELECT FROM importer.imports WHERE published_at IS NULL)"
        )

    await until(nothing_left, "everything to be done", within_s=900)


async def _accounts(site: Site, course: Course, which: str) -> int:
    return int(
        await site.tables.fetchval(
            f"SELECT count(*) FROM provisioner.accounts WHERE scope = $1 AND {which}",  # noqa: S608 - our own words
            course.slug,
        )
    )
