"""A file goes all the way: from the command line to accounts, and the same file again to none."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.site import UNGUARDED, Course, Site, check_equation

pytestmark = pytest.mark.e2e

_SAMPLE = Path(__file__).parents[2] / "examples" / "course.csv"


async def test_every_outcome_occurs_and_is_counted(site: Site, course: Course) -> None:
    """The sample of 300 rows: created, refused, taken, flaky, slow, lost, repeated and invalid ones."""
    ended = await site.import_file(course, _SAMPLE)
    assert ended.code == 5, ended.err
    check_equation(ended.last)
    assert ended.last["state"] == "finished"
    counts = {name: count for name, count in ended.last["counts"].items() if count}
    assert counts == {"rows": 300, "created": 280, "failed": 9, "duplicate": 5, "invalid": 6}
    evidence = await site.check(course)
    assert len(evidence.created) == 280
    assert await site.status(ended.last["uuid"]) | {"as_of_age": 0} == ended.last | {"as_of_age": 0}


async def test_all_created_ends_with_0(site: Site, course: Course) -> None:
    """A file in which nothing is wrong."""
    ended = await site.import_file(course, course.file(site.folder, 20))
    assert (ended.code, ended.last["counts"]["created"]) == (0, 20), ended.err
    await site.check(course)


async def test_the_same_file_again_has_no_effect(site: Site, course: Course) -> None:
    """Every address is there already: nothing is asked of the account service, and the import is done."""
    await site.faults(**UNGUARDED)
    file = course.file(site.folder, 200)
    first = await site.import_file(course, file)
    again = await site.import_file(course, file)
    assert (first.code, again.code) == (0, 0)
    assert first.last["counts"]["created"] == 200
    assert {name: count for name, count in again.last["counts"].items() if count} == {
        "rows": 200,
        "existing": 200,
    }
    evidence = await site.check(course)
    assert len(evidence.created) == 200


async def test_two_imports_at_once_share_their_accounts(site: Site, course: Course) -> None:
    """The same addresses in two files at the same time: one account each, whoever was first."""
    await site.faults(**UNGUARDED, latency_ms=50)
    files = [course.file(site.folder, 300), course.file(site.folder, 300)]
    ended = await asyncio.gather(*(site.import_file(course, file) for file in files))
    assert [one.code for one in ended] == [0, 0]
    counts = [one.last["counts"] for one in ended]
    assert all(one["created"] + one["existing"] == 300 for one in counts)
    assert sum(one["created"] for one in counts) == 300
    evidence = await site.check(course)
    assert len(evidence.created) == 300
