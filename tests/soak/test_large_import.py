"""200,000 rows: what a person waits for, what it costs, and that nothing is lost or made twice."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, Self

import psutil
import pytest

from deploy.account_service import journal
from tests.e2e.site import UNGUARDED, Course, Site
from tests.soak.files import Made, windows_file
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(1800)

_ROWS = 200_000


def _say(what: str, **figures: object) -> None:
    print(what, json.dumps(figures, default=str), flush=True)


class _Memory:
    """Samples the memory of the importer and its children; `most` is in MiB."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.most = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _watch(self) -> None:
        while True:
            total = 0
            for pid in self._site.installation.pids("importer"):
                try:
                    process = psutil.Process(pid)
                    family = [process, *process.children(recursive=True)]
                    total += sum(member.memory_info().rss for member in family)
                except psutil.Error:
                    continue
            self.most = max(self.most, total / 2**20)
            await asyncio.sleep(0.05)


async def _curl(site: Site, *words: str) -> Any:
    process = await asyncio.create_subprocess_exec(
        "curl",
        "--silent",
        "--show-error",
        "--fail-with-body",
        "--header",
        f"Authorization: Token {site.installation.ready['token']}",
        *words,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    return json.loads(out)


async def _preview(site: Site, course: Course, made: Made) -> dict[str, Any]:
    """Upload with curl; what a person waits for, in figures."""
    drafts = f"{site.installation.ready['url']}/api/import-drafts/"
    async with _Memory(site) as memory:
        started = time.perf_counter()
        draft = await _curl(
            site, "--form", f"file=@{made.path}", "--form", f"project={course.project_id.hex}", drafts
        )
        answered = time.perf_counter() - started
        page = f"{drafts}{draft['uuid']}/rows/?page_size=100"

        async def first_page() -> bool:
            return len((await _curl(site, page))["results"]) == 100

        await until(first_page, "the first page of the preview", within_s=30)
        first = time.perf_counter() - started

        async def complete() -> bool:
            nonlocal draft
            draft = await _curl(site, f"{drafts}{draft['uuid']}/")
            assert draft["state"] in ("reading", "previewed"), draft
            return bool(draft["state"] == "previewed")

        await until(complete, "the whole preview", within_s=120)
        whole = time.perf_counter() - started
    _say(
        "preview of 200,000 rows with curl:",
        answered_s=round(answered, 2),
        first_page_s=round(first, 2),
        complete_s=round(whole, 2),
        importer_peak_mib=round(memory.most),
        encoding=draft["file"]["encoding"],
        delimiter=draft["file"]["delimiter"],
        verdicts=draft["verdicts"],
    )
    return dict(draft)


async def test_previewed_submitted_and_the_importer_killed_three_times(
    site: Site, course: Course, tmp_path: Path
) -> None:
    """A file of 200,000 rows from Windows: previewed truly, then published by an importer killed three times."""
    made = await asyncio.to_thread(windows_file, tmp_path, _ROWS)
    draft = await _preview(site, course, made)
    verdicts = {name: count for name, count in draft["verdicts"].items() if count}
    assert verdicts == {"new": made.new, "duplicate": made.duplicate, "invalid": made.invalid}
    assert (draft["file"]["encoding"], draft["file"]["delimiter"]) == ("windows-1252", ";")

    await site.faults(**UNGUARDED)
    started = time.perf_counter()
    command = await site.person.begin(
        "import", made.path, "--project", course.project_id.hex, "--wait", "--json"
    )
    import_id = str((await command.first())["uuid"])
    reached = 0
    for killing in range(1, 4):

        async def further(beyond: int = reached) -> bool:
            to = await site.tables.fetchval(
                "SELECT requested_to FROM importer.imports WHERE import_id = $1::uuid", import_id
            )
            return bool(to is not None and to > beyond + 4000)

        await until(further, f"the publisher to go on before killing {killing}", within_s=120)
        reached = await site.tables.fetchval(
            "SELECT requested_to FROM importer.imports WHERE import_id = $1::uuid", import_id
        )
        assert reached < _ROWS * 0.95, "the publisher was done before it could be killed three times"
        pid = await site.installation.kill("importer")
        await site.installation.replaced("importer", pid)
        _say(
            f"importer killed ({killing})", rows_requested=reached, s=round(time.perf_counter() - started, 1)
        )
    finished: dict[str, Any] = {}

    async def done() -> bool:
        nonlocal finished
        answer = await site.http.get(f"/api/course-imports/{import_id}/")
        finished = answer.json() if answer.status_code == 200 else {}
        return finished.get("state") == "finished"

    await until(done, "the import to finish", within_s=1200)
    took = time.perf_counter() - started
    counts = {name: count for name, count in finished["counts"].items() if count}
    _say("import of 200,000 rows:", s=round(took, 1), counts=counts)
    assert counts == {
        "rows": _ROWS,
        "created": made.new,
        "duplicate": made.duplicate,
        "invalid": made.invalid,
    }
    ended = await command.end()
    assert ended.code == 5, ended.err
    effects = journal.read(site.installation.journal)
    created = [effect.email for effect in journal.created(effects) if effect.scope == course.slug]
    assert len(created) == len(set(created)) == made.new


async def test_cancelled_in_the_middle_of_publishing(site: Site, course: Course, tmp_path: Path) -> None:
    """Within two seconds no further account is made, with two provisioners at work; the equation stays exact."""
    made = await asyncio.to_thread(windows_file, tmp_path, _ROWS, prefix="stopped")
    await site.faults(**UNGUARDED)
    command = await site.person.begin(
        "import", made.path, "--project", course.project_id.hex, "--wait", "--json"
    )
    import_id = str((await command.first())["uuid"])
    requested = 0

    async def in_the_middle() -> bool:
        nonlocal requested
        requested = await site.tables.fetchval(
            "SELECT requested_to FROM importer.imports WHERE import_id = $1::uuid", import_id
        )
        return requested > _ROWS // 10

    await until(in_the_middle, "some of the rows to be on the log", within_s=60)
    assert requested < _ROWS * 0.8, "nearly all was published before it could be cancelled"
    started = time.perf_counter()
    asking = asyncio.create_task(
        site.http.post(f"/api/course-imports/{import_id}/cancel/", json={"reason": "wrong file"})
    )

    def made_so_far() -> int:
        effects = journal.read(site.installation.journal)
        return sum(one.scope == course.slug for one in journal.created(effects))

    await asyncio.sleep(2.0)  # the promise itself is a time
    after_two_seconds = await asyncio.to_thread(made_so_far)
    answer = await asking
    answered = time.perf_counter() - started
    assert answer.status_code == 202, answer.text
    finished: dict[str, Any] = {}

    async def done() -> bool:
        nonlocal finished
        finished = await site.status(import_id)
        return bool(finished["state"] == "cancelled")

    await until(done, "the import to be cancelled", within_s=300)
    counts = finished["counts"]
    _say(
        "cancelled in the middle of 200,000 rows:",
        requested_when_cancelled=requested,
        answered_s=round(answered, 2),
        settled_s=round(time.perf_counter() - started, 1),
        counts={name: count for name, count in counts.items() if count},
    )
    assert counts["pending"] == counts["waiting"] == 0
    assert counts["cancelled"] > 0
    assert counts["created"] == await asyncio.to_thread(made_so_far) == after_two_seconds
    assert (await command.end()).code in (3, 5)

    started = time.perf_counter()
    dry = await site.http.post(f"/api/course-imports/{import_id}/undo/?dry_run=1", json={})
    assert dry.status_code == 200, dry.text
    answer = await site.http.post(f"/api/course-imports/{import_id}/undo/", json={})
    assert answer.status_code == 202, answer.text

    async def undone() -> bool:
        nonlocal finished
        finished = await site.status(import_id)
        return bool(finished["state"] == "undone")

    await until(undone, "the import to be undone", within_s=300)
    _say(
        "undone:",
        dry_run=dry.json(),
        s=round(time.perf_counter() - started, 1),
        counts={name: count for name, count in finished["counts"].items() if count},
    )
    assert finished["counts"]["created"] == 0
    assert finished["counts"]["closed"] == counts["created"]
