"""Somebody who reads the pages, beside an installation that runs."""

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy.embedded.errors import StackError
from tests.support.kafka_tools import write_console_producer

if TYPE_CHECKING:
    from tests.e2e.site import Site

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Reader:
    """Where somebody sits who reads the documentation: a folder, an environment."""

    folder: Path
    environment: dict[str, str]

    def run(self, script: str, *, within: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script in bash; what it exports is remembered for the next one."""
        state = self.folder / ".exported"
        remembered = f"[ ! -f '{state}' ] || . '{state}'\ntrap 'declare -px > \"{state}\"' EXIT\n"
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", remembered + script],
            cwd=within or self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=90,
            check=False,
        )


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tools that a page shows and an installation does not bring."""
    folder = tmp_path_factory.mktemp("tools")
    with contextlib.suppress(StackError):  # without a network: the page that needs it is passed over
        write_console_producer(folder)
    return folder


@pytest.fixture
def reader(shared_site: "Site", tools: Path, tmp_path: Path) -> Reader:
    """A reader with the examples in front of them, on whose machine `course-accounts up` runs."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = {
        **shared_site.installation.environ(),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(tools)]),
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    return Reader(tmp_path, environment)
