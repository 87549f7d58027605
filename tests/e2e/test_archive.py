"""A whole installation moved by its archive alone."""

import csv
import io
from pathlib import Path

import pytest

from deploy.embedded.reaper import Reaper
from tests.e2e.site import Course, Site
from tests.support.installation import Installation
from tests.support.person import Person
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def _files(person: Person, course: Course, import_id: str, place: Path) -> tuple[str, str]:
    """The rows of the import and the accounts of its course, as the command line saves them."""
    rows, accounts = place.with_suffix(".rows.csv"), place.with_suffix(".accounts.csv")
    for words in (
        ("rows", import_id, str(rows)),
        ("accounts", str(accounts), "--project", course.project_id.hex),
    ):
        ended = await person.run("export", *words)
        assert ended.code == 0, ended.err
    return rows.read_text(), "\n".join(sorted(accounts.read_text().splitlines()))


async def _checksums(person: Person) -> dict[str, str]:
    """Of every table, once all was computed again from the log and found equal."""
    verified = await person.run("verify", "--json")
    assert (verified.code, verified.last["equal"]) == (0, True), verified.err
    sums = {table["table"]: table["checksum"] for table in verified.last["comparison"]["tables"]}
    assert len(sums) > 10
    assert all(sums.values())
    return sums


async def test_an_installation_is_made_again_from_its_archive(
    site: Site, course: Course, own_folder: Path, warden: Reaper
) -> None:
    """Exported while it runs, restored into a data directory that was not there: equal sums, the same shown."""
    file = course.file(site.folder, 30)
    file.write_text(
        file.read_text() + "refused+a@example.org,no\nperson1@example.org,again\nnobody,invalid\n"
    )
    command, import_id = await site.begin_import(course, file)
    await command.end()
    before = await _files(site.person, course, import_id, own_folder / "before")
    assert len(list(csv.DictReader(io.StringIO(before[0])))) == 33

    sums = await _checksums(site.person)
    archive = own_folder / "archive"
    exported = await site.person.run("export", "log", archive, "--json")
    assert exported.code == 0, exported.err
    moved = Installation(own_folder, warden)
    person = Person(moved)
    restored = await person.run("restore", archive, "--yes")
    assert restored.code == 0, restored.err
    assert f"{exported.last['records']:,} records, byte for byte" in restored.out
    try:
        await moved.start()

        async def rebuilt() -> bool:
            return "finished" in (await person.run("status", import_id)).out

        await until(rebuilt, "the import to be seen", within_s=60)
        assert await _files(person, course, import_id, own_folder / "after") == before
        assert await _checksums(person) == sums
        refused = await person.run("restore", archive)
        assert (refused.code, "is running" in refused.err) == (1, True)
    finally:
        await moved.stop()
