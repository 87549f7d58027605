"""One installation, started as a reader starts it, for all pages."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from tests.support.embedded import throwaway_folder

ROOT = Path(__file__).parents[2]
_READY_WITHIN = 150.0
_ENDS_WITHIN = 20.0


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
def installation(warden: Reaper) -> Iterator[dict[str, str]]:
    """The environment of a reader on whose machine `course-accounts up` runs."""
    with throwaway_folder(warden) as home:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("COURSE_ACCOUNTS_")}
        environment |= {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "XDG_DATA_HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "COLUMNS": "100",
            "NO_COLOR": "1",
        }
        if "COURSE_ACCOUNTS_CACHE" in os.environ:
            environment["COURSE_ACCOUNTS_CACHE"] = os.environ["COURSE_ACCOUNTS_CACHE"]
        data, said = home / "course-accounts", home / "up.out"
        with said.open("w") as out:
            process = subprocess.Popen(
                ["course-accounts", "up"], env=environment, cwd=home, stdout=out, stderr=subprocess.STDOUT
            )
        warden.watch(process.pid, signal.SIGTERM)
        try:
            _await_ready(process, data / "ready.json", said)
            yield environment
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            warden.forget(process.pid)
            discard(data / "postgres")


@pytest.fixture
def reader(installation: dict[str, str], tmp_path: Path) -> Reader:
    """A reader with the examples in front of them."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return Reader(tmp_path, installation)


def _await_ready(process: subprocess.Popen[bytes], ready: Path, said: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while not ready.exists():
        assert process.poll() is None, f"`course-accounts up` ended:\n{said.read_text()}"
        assert time.monotonic() < deadline, f"not ready after {_READY_WITHIN} s:\n{said.read_text()}"
        time.sleep(0.1)
