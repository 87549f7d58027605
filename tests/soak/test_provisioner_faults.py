"""20,000 rows by two provisioners that are killed ten times, at an account service that fails in every way it knows.

`SOAK_ROWS` makes it smaller. Prints what was asked for, what was done, and what the checker finds: all noughts.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from deploy.embedded.stack import UNLIMITED
from tests.e2e.checker import calls, tables
from tests.e2e.checker.evidence import Evidence
from tests.e2e.checker.folding import differences, fold, provisioner_differences
from tests.e2e.checker.verdict import verdict
from tests.e2e.site import Course, Site, running
from tests.soak.saying import say
from tests.support.embedded import throwaway_folder
from tests.support.failing.points import NAMES
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(2400)

_ROWS = int(os.environ.get("SOAK_ROWS", "20000"))
_DOWN_S = 60.0
_MORE = 200
_UNDER_WAY_S = 120.0
_CALLERS = 128
_COPIES = ("--copies", "provisioner=2")
_QUICK = {
    **UNLIMITED,
    "COURSE_ACCOUNTS_PROVISIONER_LEASE_SECONDS": "3",
    "SESSION_TIMEOUT_MS": "6000",
    "RETRY_CAP_S": "8",
}
_LATENCY_MS = min(3000, _CALLERS * _UNDER_WAY_S / (1.5 * _ROWS) * 1000)
_FAILING = {
    "latency_ms": _LATENCY_MS,
    "jitter_ms": _LATENCY_MS * 0.9,
    "error_before": 0.12,
    "error_after": 0.1,
    "reply_lost": 0.08,
    "malformed": 0.01,
    "in_progress": 0.01,
    "too_many": 0.0005,
    "arrays": False,
}
"""Three in ten calls fail, before or after the effect; one in 2,000 is told to wait a second. Slow enough that the
rows are under way for two minutes."""
_TARGETS: Mapping[str, Mapping[str, object]] = {
    "keys honoured, addresses not unique": {"unique_addresses": False},
    "keys ignored, only a look-up by e-mail": {"keys_honoured": False},
}
_NTH = {"call_begins": 100, "call_answered": 100, "half_done": 2, "sent": 3, "confirmed": 3}


@pytest.mark.parametrize("target", _TARGETS.values(), ids=_TARGETS)
async def test_one_effect_each_whatever_happens(
    warden: Reaper, tmp_path: Path, target: Mapping[str, object]
) -> None:
    """Everything ends as it should; nothing is lost, nothing has two effects, the log does not contradict itself."""
    started = time.monotonic()
    with throwaway_folder(warden) as folder:
        async with running(folder, warden, *_COPIES, env=_QUICK, failing=True) as site:
            await _run(site, tmp_path, {**target, **_FAILING})
        discard(folder / "course-accounts" / "postgres")
    say("took", s=round(time.monotonic() - started))


async def _run(site: Site, folder: Path, faults: Mapping[str, object]) -> None:
    await site.faults(**faults)
    course = await site.course()
    few = course.file(folder, _ROWS // 20, prefix="twice")
    many = course.file(folder, _ROWS)
    first, undone = await site.begin_import(course, few)
    await first.end()
    kills = _Kills(site, course)
    command, import_id = await site.begin_import(course, many)
    await kills.strike(*NAMES[:5])
    answer = await site.http.post(f"/api/course-imports/{undone}/undo/", json={"reason": "too early"})
    assert answer.status_code == 202, answer.text
    await site.faults(**{**faults, "down": "closed"})
    await asyncio.sleep(_DOWN_S)  # the fault itself is a time
    await site.faults(**faults)
    await kills.strike(*NAMES[5:])
    await _state(site, undone, "undone")
    again, _ = await site.begin_import(course, few)
    counts = await _state(site, import_id, "finished")
    assert counts == {"rows": _ROWS, "created": _ROWS}
    assert (await command.end()).code == 0
    assert (await again.end()).code == 0
    await site.drained()
    await _report(site, course, kills)


async def _state(site: Site, import_id: str, state: str) -> dict[str, int]:
    found: dict[str, int] = {}

    async def there() -> bool:
        nonlocal found
        answer = await site.http.get(f"/api/course-imports/{import_id}/")
        if answer.status_code != 200 or answer.json()["state"] != state:
            return False
        found = {name: count for name, count in answer.json()["counts"].items() if count}
        return True

    await until(there, f"the import to be {state}", within_s=400)
    return found


class _Kills:
    """Kills at named points, one after the other, each once what was killed before runs again."""

    def __init__(self, site: Site, course: Course) -> None:
        self._site = site
        self._course = course
        self.more = 0
        """Rows beside those of the imports, when these were done too early for all kills."""
        self.pids: dict[str, int] = {}
        self.ends: list[tuple[str, Mapping[int, int]]] = []
        """The ends of the log when a point was struck."""

    async def strike(self, *names: str) -> None:
        """Kill at each of them; who shall die when partitions are taken from it, dies with the next."""
        together: list[str] = []
        for name in names:
            together.append(name)
            if name != "revoked":
                await self._strike(together)
                together = []

    async def _strike(self, names: list[str]) -> None:
        struck = {n: self._site.installation.fail(f"{n}:{_NTH.get(n, 1)}:sigkill") for n in names}
        patience = time.monotonic() + 20
        while struck:
            if time.monotonic() > patience:
                await self._go_on()
                patience += 20
            for name in [name for name, file in struck.items() if file.exists() and file.read_text()]:
                self.pids[name] = int(struck.pop(name).read_text().split()[0])
                self.ends.append((name, await self._site.log.ends()))
            await asyncio.sleep(0.02)
        for name in names:
            await self._site.installation.replaced("provisioner", self.pids[name])

    async def _go_on(self) -> None:
        file = self._course.file(self._site.folder, _MORE, prefix="more", first=self.more + 1)
        self.more += _MORE
        await self._site.begin_import(self._course, file)


async def _report(site: Site, course: Course, kills: _Kills) -> None:
    evidence = await site.evidence(course)
    found = {kind: list(sentences) for kind, sentences in verdict(evidence).items()}
    shown, positions = await tables.read_models(site.tables)
    log = await site.log.dump()
    found["contradicting"] += [f"read models: {one}" for one in differences(shown, fold(log, positions))]
    accounts = await tables.provisioned(site.tables)
    found["contradicting"] += [f"provisioner: {one}" for one in provisioner_differences(accounts, log)]
    asked = calls.read(site.installation.failpoints)
    repeated = calls.repeated(asked, evidence)
    told_twice = duplicates(evidence, kills.ends)
    for name in NAMES:
        say("killed", at=name, told_twice=told_twice[name], calls_repeated=repeated[kills.pids[name]])
    say(
        "in all:",
        rows=sum(given.rows for given in evidence.given),
        calls=sum(map(len, asked.values())),
        attempts_recorded=sum(calls.recorded(evidence).values()),
        effects=len(evidence.created),
        closed=len(evidence.effects) - len(evidence.created),
        records=len(evidence.log),
        **{kind: len(sentences) for kind, sentences in found.items()},
    )
    broken = [sentence for sentences in found.values() for sentence in sentences]
    assert not broken, "\n".join(broken[:20])
    assert set(kills.pids) == set(NAMES)
    assert len(evidence.created) == _ROWS + 2 * (_ROWS // 20) + kills.more


def duplicates(evidence: Evidence, ends: list[tuple[str, Mapping[int, int]]]) -> Counter[str]:
    """Events told again, by the kill after which that was."""
    seen: set[object] = set()
    after: Counter[str] = Counter()
    for record in evidence.log:
        if record.event is None:
            continue
        if record.event.id in seen:
            kill = next((n for n, at in reversed(ends) if record.offset >= at[record.partition]), "none")
            after[kill] += 1
        seen.add(record.event.id)
    return after
