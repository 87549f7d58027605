"""Tables emptied while everything runs: they heal from the log, and nobody gets a second account."""

import pytest

from tests.e2e.site import UNGUARDED, Course, Site
from tests.support.emptying import empty
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_ROWS = 2000
_PROVISIONER = (
    "positions, accounts, work, outbox, stops, releases, parked, targets, projects, endings, closings"
)
_PROJECTOR = (
    "positions, accounts, import_rows, import_progress, imports, targets, projects, "
    "account_counts, account_addresses, account_story, waiting, parked"
)


async def _empty(site: Site, schema: str, names: str) -> None:
    await empty(site.tables, ", ".join(f"{schema}.{name.strip()}" for name in names.split(",")))


async def test_the_provisioners_emptied_in_the_middle(site: Site, course: Course) -> None:
    """The import goes on to its end, every account once."""
    await site.faults(**UNGUARDED, latency_ms=100)
    command, import_id = await site.begin_import(course, course.file(site.folder, _ROWS))
    await site.progress(import_id, _ROWS // 4)
    await _empty(site, "provisioner", _PROVISIONER)
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, _ROWS), ended.err
    assert len((await site.check(course)).created) == _ROWS


async def test_the_projectors_emptied_in_the_middle(site: Site, course: Course) -> None:
    """The import is not to be seen for a moment; then its status is what it would have been."""
    await site.faults(**UNGUARDED, latency_ms=100)
    file = course.file(site.folder, _ROWS)
    command, import_id = await site.begin_import(course, file)
    await site.progress(import_id, _ROWS // 4)
    await _empty(site, "projector", _PROJECTOR)
    await command.end()

    async def finished() -> bool:
        answer = await site.http.get(f"/api/course-imports/{import_id}/")
        return answer.status_code == 200 and answer.json()["state"] == "finished"

    await until(finished, "the end of the import", within_s=60)
    assert (await site.status(import_id))["counts"]["created"] == _ROWS
    assert len((await site.check(course)).created) == _ROWS


@pytest.mark.parametrize(
    ("schema", "names"),
    [("provisioner", _PROVISIONER), ("projector", _PROJECTOR)],
    ids=["provisioner", "projector"],
)
async def test_emptied_when_all_was_done(site: Site, course: Course, schema: str, names: str) -> None:
    """Nothing new comes on the log: the tables heal all the same, and every answer is the one given before."""
    await site.faults(**UNGUARDED)
    ended = await site.import_file(course, course.file(site.folder, 100))
    await site.check(course)
    said = await site.status(ended.last["uuid"])
    await _empty(site, schema, names)

    async def as_before() -> bool:
        answer = await site.http.get(f"/api/course-imports/{ended.last['uuid']}/")
        return answer.status_code == 200 and answer.json() | {"as_of_age": 0} == said | {"as_of_age": 0}

    await until(as_before, "the status as it was", within_s=60)
    assert len((await site.check(course)).created) == 100
