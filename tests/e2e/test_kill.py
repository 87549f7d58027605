"""kill -9 of each service in the middle of an import: it is started again, nothing is lost, nothing has two effects."""

from collections import Counter

import pytest

from deploy.account_service import journal
from tests.e2e.holding import held_before, somebody_is_held
from tests.e2e.site import UNGUARDED, Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_ROWS = 2000
_MIDDLE = 500


@pytest.mark.parametrize("service", ["account_service", "front"])
async def test_killed_at_any_moment(site: Site, course: Course, service: str) -> None:
    """The supervisor replaces it, the ready file names the new process, the person sees the import end well."""
    await site.faults(**UNGUARDED, latency_ms=100)
    command, import_id = await site.begin_import(course, course.file(site.folder, _ROWS))
    await site.progress(import_id, _MIDDLE)
    pid = await site.installation.kill(service)
    await site.installation.replaced(service, pid)
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, _ROWS), ended.err
    assert len((await site.check(course)).created) == _ROWS


_STEPS = {
    "importer": "UPDATE ON importer.imports FOR EACH ROW WHEN (new.requested_to > old.requested_to)",
    "provisioner": "UPDATE ON provisioner.accounts FOR EACH ROW WHEN (new.state = 2 AND new.import_row > 500)",
    "projector": "INSERT OR UPDATE ON projector.import_progress FOR EACH ROW WHEN (new.created > 50)",
}
"""The worst moments: records on the log but not in the cursor; accounts made but not recorded; half a batch folded."""


@pytest.mark.parametrize("service", _STEPS)
async def test_killed_at_the_worst_moment(site: Site, course: Course, service: str) -> None:
    """Killed when its work is done and not yet written down: it is done again, and nobody can tell."""
    await site.faults(**UNGUARDED, latency_ms=20)
    file = course.file(site.folder, _ROWS)
    async with held_before(site.installation.ready["postgres"], _STEPS[service]):
        command = await site.person.begin_import(file, course.project_id.hex)
        await somebody_is_held(site.tables)
        pid = await site.installation.kill(service)
        unwritten = await _UNWRITTEN[service](site, course)
    assert unwritten > 0
    await site.submitted(command, course, file)
    await site.installation.replaced(service, pid)
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, _ROWS), ended.err
    evidence = await site.check(course)
    assert len(evidence.created) == _ROWS
    if service == "importer":
        times = Counter(request.claim.request_id for request in evidence.requests)
        assert len(times) == _ROWS
        assert max(times.values()) > 1, "nothing was told again, so nothing was shown"


async def _requests_beyond_the_cursor(site: Site, course: Course) -> int:
    requests = (await site.evidence(course)).requests
    reached = await site.tables.fetchval(
        "SELECT requested_to FROM importer.imports WHERE import_id = $1", requests[0].claim.import_id
    )
    return sum(request.claim.row > reached for request in requests)


async def _effects_beyond_the_tables(site: Site, course: Course) -> int:
    made = {
        one.email
        for one in journal.created(journal.read(site.installation.journal))
        if one.scope == course.slug
    }
    return int(
        await site.tables.fetchval(
            "SELECT count(*) FROM provisioner.accounts WHERE scope = $1 AND email = ANY($2) AND state = 1",
            course.slug,
            list(made),
        )
    )


async def _events_beyond_the_position(site: Site, course: Course) -> int:
    positions = await site.tables.fetch("SELECT partition, next_offset FROM projector.positions")
    read = {row["partition"]: row["next_offset"] for row in positions}
    return sum(record.offset >= read.get(record.partition, 0) for record in (await site.evidence(course)).log)


_UNWRITTEN = {
    "importer": _requests_beyond_the_cursor,
    "provisioner": _effects_beyond_the_tables,
    "projector": _events_beyond_the_position,
}
