"""Building read models again as an operator does it, at a system that works meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded.reaper import Reaper
from tests.e2e.polling import Pollers
from tests.e2e.site import UNGUARDED, Site, running

pytestmark = pytest.mark.e2e


@pytest.fixture
async def changed(own_folder: Path, warden: Reaper) -> AsyncIterator[Site]:
    """An installation of a release with a changed model of progress beside the usual one."""
    async with running(own_folder, warden, "--copies", "projector=2", changed=True) as site:
        yield site


async def test_a_changed_model_is_built_and_swapped_while_an_import_runs(changed: Site) -> None:
    """Pollers see no error and no step back; nothing is called or written; `verify` agrees before and after."""
    site = changed
    course = await site.course()
    assert (await site.import_file(course, course.file(site.folder, 30, prefix="before-"))).code == 0
    await site.drained()
    effects, ends = site.installation.journal.stat().st_size, await site.log.ends()
    verified = await site.person.run("verify", "--json")
    assert (verified.code, verified.last["equal"]) == (0, True), verified.err
    built = await site.person.run("replay", "build", "--edition", "next", "--wait", "--json")
    assert built.code == 5, built.err  # the changed model differs, as it should
    comparison = built.last["comparison"]
    assert comparison["sound"], comparison
    assert [one["model"] for one in comparison["changed"]] == ["import_progress"]
    assert {one["table"] for one in comparison["tables"] if not one["equal"]} <= {"import_progress"}
    assert (site.installation.journal.stat().st_size, await site.log.ends()) == (effects, ends)
    replay = built.last["uuid"]
    await site.faults(**UNGUARDED)
    await site.pace(5)
    command, import_id = await site.begin_import(course, course.file(site.folder, 60, prefix="during-"))
    async with Pollers(site, f"/api/course-imports/{import_id}/", 5) as pollers:
        await site.progress(import_id, 5)
        refused = await site.person.run("replay", "swap", replay)
        assert refused.code == 1
        assert "says something else" in refused.err
        swapped = await site.person.run("replay", "swap", replay, "--accept-differences")
        assert swapped.code in (0, 5), swapped.err
        await site.pace(None)
        assert (await command.end()).code == 0
        back = await site.person.run("replay", "roll-back", replay)
        assert back.code in (0, 5), back.err
        again = await site.person.run("replay", "swap", replay, "--accept-differences")
        assert again.code in (0, 5), again.err
    assert pollers.trouble == []
    assert pollers.answers > 20
    assert (await site.person.run("replay", "clean-up", replay)).code in (0, 5)
    after = await site.person.run("verify", "--json")
    assert (after.code, after.last["equal"]) == (0, True), after.err
    assert (await site.status(import_id))["counts"]["created"] == 60


async def test_the_past_is_asked_at_the_command_line(site: Site) -> None:
    """One course until now, in a set of its own, with a command that reads."""
    course = await site.course()
    ended = await site.import_file(course, course.file(site.folder, 5))
    import_id = ended.last["uuid"]
    built = await site.person.run("replay", "look-back", "--import", import_id, "--wait", "--json")
    assert built.code == 0, built.err
    asked = await site.person.run("status", import_id, "--set", built.last["set"], "--json")
    assert asked.last["counts"]["created"] == 5
    listed = await site.person.run("imports", "--set", built.last["set"], "--json")
    assert len(listed.out.splitlines()) == 1
    dropped = await site.person.run("replay", "clean-up", built.last["uuid"], "--json")
    assert dropped.code == 0, dropped.err
