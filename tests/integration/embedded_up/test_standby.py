"""A service that loads its libraries before its settings are known."""

import sys
from pathlib import Path

import pytest

from deploy.embedded.reaper import Reaper
from deploy.embedded.service_process import Standby

_PROGRAM = """
import json, os, sys
line = sys.stdin.readline()
if line:
    print("became", json.loads(line)["NAME"], flush=True)
    sys.exit(7)
print("dismissed", flush=True)
"""


@pytest.fixture
def standby(tmp_path: Path, warden: Reaper) -> Standby:
    """A process that waits."""
    return Standby([sys.executable, "-c", _PROGRAM], tmp_path / "log", warden)


async def test_it_becomes_the_service_when_it_gets_its_settings(standby: Standby, tmp_path: Path) -> None:
    """The settings come as one line, and the process goes on as the service itself."""
    child = standby.become({"NAME": "importer"})
    assert child is not None
    assert await child.wait() == 7
    assert (tmp_path / "log").read_text() == "became importer\n"


async def test_it_ends_when_it_is_not_needed(standby: Standby, tmp_path: Path) -> None:
    """A start that failed elsewhere leaves no process behind, nor does a parent that died: the pipe ends."""
    await standby.dismiss()
    await standby.dismiss()
    assert "became" not in (tmp_path / "log").read_text()


async def test_the_real_thing_says_what_is_wrong_with_its_settings(tmp_path: Path, warden: Reaper) -> None:
    """The preloaded importer refuses settings it cannot use, as the importer does when started by itself."""
    from deploy.embedded import stack

    standby = Standby(stack.preloaded("importer"), tmp_path / "log", warden)
    child = standby.become({"COURSE_ACCOUNTS_IMPORTER_COLOUR": "red"})
    assert child is not None
    assert await child.wait() == 2
    assert "COURSE_ACCOUNTS_IMPORTER_COLOUR" in (tmp_path / "log").read_text()
