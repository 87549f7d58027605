"""The life of an installation: several copies, Ctrl-C and resumption, kill -9, the demo."""

import asyncio
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from deploy.embedded.ports import free_port
from deploy.embedded.reaper import Reaper
from tests.e2e.site import UNGUARDED, at, running
from tests.support.installation import Installation, gone
from tests.support.person import Person
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_STOPS_WITHIN_S = 5.0


async def test_several_copies_share_the_work_and_survive_one_another(
    own_folder: Path, warden: Reaper
) -> None:
    """Two provisioners and two projectors, one of each killed in the middle: the others and the new ones finish."""
    copies = ("--copies", "provisioner=2", "--copies", "projector=2")
    async with running(own_folder, warden, *copies) as site:
        assert [len(site.installation.pids(name)) for name in ("provisioner", "projector", "importer")] == [
            2,
            2,
            1,
        ]
        await site.faults(**UNGUARDED, latency_ms=100)
        course = await site.course()
        command, import_id = await site.begin_import(course, course.file(own_folder, 2000))
        await site.progress(import_id, 300)
        killed = {name: await site.installation.kill(name) for name in ("provisioner", "projector")}
        for name, pid in killed.items():
            await site.installation.replaced(name, pid)
        ended = await command.end()
        assert (ended.code, ended.last["counts"]["created"]) == (0, 2000), ended.err
        assert len((await site.check(course)).created) == 2000


async def test_stopping_keeps_everything_and_killing_leaves_nothing_running(
    own_folder: Path, warden: Reaper
) -> None:
    """Ctrl-C in the middle ends all in time; started again the import goes on; kill -9 of `up` ends all as well."""
    installation = Installation(own_folder, warden)
    try:
        await installation.start()
        async with at(installation) as site:
            await site.faults(**UNGUARDED, latency_ms=200)
            course = await site.course()
            command, import_id = await site.begin_import(course, course.file(own_folder, 1000))
            await site.progress(import_id, 100)
            given = site.given
        before = _all_of(installation)
        began = time.monotonic()
        assert await installation.stop(signal.SIGINT) == 0
        took = time.monotonic() - began
        assert took < _STOPS_WITHIN_S * _load(), f"{took:.1f} s"
        assert [pid for pid in before if not gone(pid)] == []
        assert "Stopped in" in installation.said

        await installation.start()
        ended = await command.end()
        assert (ended.code, ended.last["counts"]["created"]) == (0, 1000), ended.err
        async with at(installation) as site:
            site.given = given
            assert len((await site.check(course)).created) == 1000
            said = await site.status(import_id)
        shown = await Person(installation).run("status", import_id, "--json")
        assert (shown.code, shown.last["counts"]) == (0, said["counts"])

        left = _all_of(installation)
        await installation.stop(signal.SIGKILL)

        async def nothing_runs() -> bool:
            return all(map(gone, left))

        await until(nothing_runs, "every process to end", within_s=20)
    finally:
        await installation.stop()


def _load() -> float:
    """How many programs want each core, at least one: on a busy machine all takes longer."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _all_of(installation: Installation) -> list[int]:
    """Every process of an installation and its descendants, the helper included."""
    pids = set(installation.pids())
    for pid in [*pids, installation.pid]:
        pids.update(child.pid for child in psutil.Process(pid).children(recursive=True))
    return sorted({*pids, installation.pid})


async def test_the_demo_ends_by_itself(own_folder: Path, warden: Reaper) -> None:
    """Every outcome occurs, the table and the equation are printed, the exit code is 0, nothing stays."""
    person = Person(Installation(own_folder, warden))
    ended = await asyncio.wait_for(person.run("demo", "--once", "--port", str(free_port())), timeout=120)
    assert ended.code == 0, ended.err
    printed = ended.out + ended.err
    assert "300 = 280 created + 9 failed + 5 duplicate + 6 invalid" in printed
    assert "REFUSED" in printed
    assert "ADDRESS_TAKEN" in printed
    assert "Stopped in" in printed
