"""Several copies of the provisioner: killed at the worst steps, or silent for a while; nobody gets a second account."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from tests.e2e.checker import calls
from tests.e2e.site import UNGUARDED, Site, running
from tests.support.embedded import throwaway_folder
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_LEASE_S, _SESSION_S = 2, 4
_QUICK = {
    "COURSE_ACCOUNTS_PROVISIONER_LEASE_SECONDS": str(_LEASE_S),
    "SESSION_TIMEOUT_MS": str(_SESSION_S * 1000),
}


@pytest.fixture(scope="module")
async def site(warden: Reaper) -> AsyncIterator[Site]:
    """Three provisioners that fail on request, and soon give up a silent one."""
    with throwaway_folder(warden) as folder:
        copies = ("--copies", "provisioner=3")
        async with running(folder, warden, *copies, env=_QUICK, failing=True) as site:
            yield site
        discard(folder / "course-accounts" / "postgres")


async def test_killed_at_three_named_points(site: Site) -> None:
    """Before the intake's commit, with an answer nobody wrote down, with facts on the log nobody knows of."""
    await site.faults(**UNGUARDED, latency_ms=50, error_after=0.05)
    course = await site.course()
    points = ("intake_before_commit:1:sigkill", "call_answered:40:sigkill", "sent:3:sigkill")
    struck = [site.installation.fail(point) for point in points]
    command, _ = await site.begin_import(course, course.file(site.folder, 500))

    async def all_struck() -> bool:
        return all(file.exists() for file in struck)

    await until(all_struck, "every point to be reached", within_s=60)
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, 500), ended.err
    evidence = await site.check(course)
    assert len(evidence.created) == 500
    repeated = calls.repeated(calls.read(site.installation.failpoints), evidence)
    assert sum(repeated.values()) > 0, "nothing was asked for again, so nothing was shown"


async def test_one_of_three_is_silent_for_longer_than_lease_and_session(site: Site) -> None:
    """Stopped with calls under way, and let go when the others have done its work: no harm."""
    await site.faults(**UNGUARDED, latency_ms=600)
    course = await site.course()
    command, import_id = await site.begin_import(course, course.file(site.folder, 2000))
    await site.progress(import_id, 100)
    silent = site.installation.pids("provisioner")[0]
    os.kill(silent, signal.SIGSTOP)
    try:
        ended = await command.end()
        await asyncio.sleep(_SESSION_S)  # also if the others were quick: it must have been given up
    finally:
        os.kill(silent, signal.SIGCONT)
    assert (ended.code, ended.last["counts"]["created"]) == (0, 2000), ended.err
    again = await site.import_file(course, course.file(site.folder, 100, first=2001))
    assert again.last["counts"]["created"] == 100, again.err
    assert len((await site.check(course)).created) == 2100
    asked = calls.read(site.installation.failpoints)
    assert all(asked.get(pid) for pid in site.installation.pids("provisioner") if pid != silent)
    assert asked[silent]
