"""A million events: a changed model is built, compared and swapped while an import runs and 200 pollers ask.

`SOAK_EVENTS` (1,000,000 here) and `SOAK_POLLERS` (200) make it smaller.
"""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psutil
import pytest

from bench.works.history import messages
from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from deploy.embedded.stack import UNLIMITED
from schemas.facts import ProjectSnapshot
from schemas.topics import LOG, LOG_PARTITIONS
from services.common.producer import LogProducer
from tests.e2e.polling import Pollers
from tests.e2e.site import UNGUARDED, Site, running
from tests.soak.saying import say
from tests.support.embedded import throwaway_folder
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(3000)

_EVENTS = int(os.environ.get("SOAK_EVENTS", "1000000"))
_POLLERS = int(os.environ.get("SOAK_POLLERS", "200"))
_ROWS = 3000
_CHUNK = 20_000


@pytest.fixture(scope="module")
async def site(warden: Reaper) -> AsyncIterator[Site]:
    """A release with a changed model beside the usual one."""
    with throwaway_folder(warden) as folder:
        async with running(folder, warden, env=UNLIMITED, changed=True) as site:
            yield site
        discard(folder / "course-accounts" / "postgres")


async def test_a_million_events_are_read_again_while_200_ask(site: Site) -> None:
    """No error, no step back; killed on the way and taken up again; `verify` agrees, then names a changed cell."""
    await _history(site)
    await site.faults(**UNGUARDED, latency_ms=1000)
    course = await site.course()
    command, import_id = await site.begin_import(course, course.file(site.folder, _ROWS))
    await site.progress(import_id, 10)
    started = time.monotonic()
    async with Pollers(site, f"/api/course-imports/{import_id}/", _POLLERS) as pollers:
        asked = await site.person.run("replay", "build", "--edition", "next", "--json")
        replay = asked.last["uuid"]
        killed = await _kill_half_way(site, replay)
        found = await _over(site, replay)
        built = time.monotonic() - started
        answers = pollers.answers
        began = time.monotonic()
        swapped = await site.person.run("replay", "swap", replay, "--accept-differences", "--json")
        swap = time.monotonic() - began
        assert swapped.code in (0, 5), swapped.err
        await _answers(pollers, answers + 1000)
        back = await site.person.run("replay", "roll-back", replay, "--json")
        assert back.code in (0, 5), back.err
        again = await site.person.run("replay", "swap", replay, "--accept-differences", "--json")
        assert again.code in (0, 5), again.err
        ended = await command.end()
        took = time.monotonic() - started
    assert ended.code == 0, ended.err
    assert found["state"] == "warm", found
    assert found["comparison"]["sound"]
    p95 = statistics.quantiles(pollers.took, n=100)[94]
    say(
        "a changed model over a long log:",
        events=found["total"],
        built_and_compared_s=round(built, 1),
        killed_at=killed,
        swap_s=round(swap, 2),
        polls=pollers.answers,
        unchanged=pollers.unchanged,
        polls_per_s=round(pollers.answers / took),
        poll_p95_ms=round(p95 * 1000),
        trouble=len(pollers.trouble),
        tables={one["table"]: one["differing"] for one in found["comparison"]["tables"]},
    )
    assert pollers.trouble == []
    assert (await site.person.run("replay", "clean-up", replay)).code in (0, 5)
    began = time.monotonic()
    verified = await site.person.run("verify", "--json")
    say(
        "verify:", exit=verified.code, took_s=round(time.monotonic() - began, 1), equal=verified.last["equal"]
    )
    assert (verified.code, verified.last["equal"]) == (0, True), verified.err
    slot = found["set"]
    await site.tables.execute(
        f"UPDATE {slot}.accounts SET username = 'somebody-else' "  # noqa: S608 - our own words
        f"WHERE account_id = (SELECT account_id FROM {slot}.accounts WHERE standing = 'ok' LIMIT 1)"
    )
    differs = await site.person.run("verify")
    print(differs.out, flush=True)
    assert differs.code == 5, differs.err
    assert "somebody-else" in differs.out


async def _history(site: Site) -> None:
    """Put a past on the log; the provisioner begins anew, so that it sees all of it before it calls anybody."""
    project = ProjectSnapshot(
        project_id=uuid4(),
        name="The past",
        slug="the-past",
        start_date=datetime.now(UTC).date(),
        end_date=datetime.now(UTC).date() + timedelta(days=90),
    )
    provisioner = site.installation.pids("provisioner")[0]
    os.kill(provisioner, signal.SIGSTOP)
    began = time.monotonic()
    records = await asyncio.to_thread(messages, _EVENTS, project, LOG_PARTITIONS)
    async with LogProducer(bootstrap=site.installation.ready["kafka"], client_id="soak") as producer:
        for start in range(0, len(records), _CHUNK):
            await producer.publish(LOG, records[start : start + _CHUNK])
    del records
    await site.installation.kill("provisioner")
    await site.installation.replaced("provisioner", provisioner)
    say("a past on the log:", events=_EVENTS, published_s=round(time.monotonic() - began, 1))
    began = time.monotonic()

    async def folded() -> bool:
        found = await site.tables.fetchval(
            "SELECT sum(next_offset) FROM projector.positions WHERE topic = $1", LOG
        )
        return int(found or 0) >= _EVENTS

    await until(folded, "the past to be folded", within_s=900)
    took = time.monotonic() - began
    say("folded live:", took_s=round(took, 1))


async def _kill_half_way(site: Site, replay: str) -> int:
    """Take the process away that reads, once; how many events it had read."""
    seen = 0

    async def half_way() -> bool:
        nonlocal seen
        found = await _one(site, replay)
        seen = found["done"]
        assert found["state"] in ("queued", "building"), found
        return seen > _EVENTS // 3

    await until(half_way, "a third to be read", within_s=600)
    (worker,) = [
        child
        for pid in site.installation.pids("projector")
        for child in psutil.Process(pid).children()
        if "tests.support.changed.replay" in child.cmdline()
    ]
    worker.kill()
    return seen


async def _over(site: Site, replay: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def is_over() -> bool:
        nonlocal found
        found = await _one(site, replay)
        return found["state"] not in ("queued", "building", "comparing")

    await until(is_over, "the replay", within_s=900)
    return found


async def _one(site: Site, replay: str) -> dict[str, Any]:
    answer = await site.http.get(f"/api/replays/{replay}/")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _answers(pollers: Pollers, number: int) -> None:
    async def enough() -> bool:
        return pollers.answers >= number

    await until(enough, "more answers", within_s=60)
