"""A whole installation as a person starts it: `course-accounts up` in a folder of its own, and its processes."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.embedded.ports import free_port
from deploy.embedded.reaper import Reaper, birth
from tests.support.waiting import until

PROGRAM = Path(sys.executable).parent / "course-accounts"
_START_S = 150.0
_REPLACED_S = 90.0
_ROOT = Path(__file__).resolve().parents[2]


class Installation:
    """One data directory; what runs on it comes and goes.

    Args:
        folder: for the data directory, the ready file and what the program prints.
        warden: ends the installation should the run of the tests be killed.
        options: further words for `up`.
        env: what its processes find in their environment beside ours.
        failing: run a provisioner that fails where `fail` asks for it.
        changed: run a projector that has a changed read model beside the usual one.
    """

    def __init__(
        self,
        folder: Path,
        warden: Reaper,
        *options: str,
        env: Mapping[str, str] | None = None,
        failing: bool = False,
        changed: bool = False,
    ) -> None:
        self.folder = folder
        self.failpoints = folder / "failpoints"
        env = env or {}
        self._env = {**env, "FAILPOINT": str(self.failpoints)} if failing else env
        self._program: tuple[str, ...] = (str(PROGRAM),)
        if failing or changed:
            self._env = {**self._env, "PYTHONPATH": str(_ROOT)}
            module = "tests.support.failing.up" if failing else "tests.support.changed.up"
            self._program = (sys.executable, "-m", module)
        if failing:
            for part in ("struck", "calls"):
                (self.failpoints / part).mkdir(parents=True)
        self.data_dir = folder / "course-accounts"
        self._warden = warden
        self._options = options
        self._ready_file = folder / "ready.json"
        self._output = folder / "up.txt"
        self._process: asyncio.subprocess.Process | None = None
        self._port = free_port()

    @property
    def ready(self) -> dict[str, Any]:
        """What the ready file says now."""
        found: dict[str, Any] = json.loads(self._ready_file.read_text())
        return found

    @property
    def pid(self) -> int:
        """Of `up` itself, which runs."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    @property
    def journal(self) -> Path:
        """The account service's journal."""
        return self.data_dir / "account-service" / "journal"

    @property
    def said(self) -> str:
        """What `up` has printed so far."""
        return self._output.read_text() if self._output.exists() else ""

    def environ(self) -> Mapping[str, str]:
        """Ours, without what this machine says of installations: whoever has it finds this one without a word."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_ACCOUNTS_")}
        cache = os.environ.get("COURSE_ACCOUNTS_CACHE")
        return {
            **ours,
            **({"COURSE_ACCOUNTS_CACHE": cache} if cache else {}),
            "XDG_DATA_HOME": str(self.folder),
            "XDG_STATE_HOME": str(self.folder / "state"),
            **self._env,
        }

    async def start(self) -> None:
        """Start everything and return once the ready file is there."""
        words = ("up", "--data-dir", self.data_dir, "--ready-file", self._ready_file, "--port", self._port)
        with self._output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._program,
                *map(str, words),
                *self._options,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environ(),
                cwd=self.folder,
                process_group=0,
            )
        self._warden.watch(self._process.pid)

        async def there() -> bool:
            assert self._process is not None
            assert self._process.returncode is None, f"up ended: {self.said}"
            return self._ready_file.exists()

        await until(there, "the ready file", within_s=_START_S)

    async def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send `up` a signal and wait for its end; the exit code. No error if it does not run."""
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(number)
        code = await asyncio.wait_for(process.wait(), 30)
        self._warden.forget(process.pid)
        return code

    def pids(self, service: str | None = None) -> list[int]:
        """Process ids of one part, or of all."""
        processes: Mapping[str, Sequence[int]] = self.ready["processes"]
        named = [service] if service else list(processes)
        return [pid for name in named for pid in processes[name]]

    async def kill(self, service: str, copy: int = 0) -> int:
        """Take one process away without a warning (kill -9); the id it had."""
        pid = self.pids(service)[copy]
        os.kill(pid, signal.SIGKILL)

        async def dead() -> bool:
            return gone(pid)

        await until(dead, f"the end of {service}")
        return pid

    def fail(self, point: str) -> Path:
        """Let the first provisioner that comes to `name:nth:action` fail there; the file it leaves when it has."""
        (self.failpoints / point).touch()
        return self.failpoints / "struck" / point

    async def replaced(self, service: str, old: int) -> None:
        """Wait until the ready file names another process in the place of `old`, which runs."""

        async def new() -> bool:
            now = self.pids(service)
            return old not in now and not any(map(gone, now))

        await until(new, f"a new {service}", within_s=_REPLACED_S)


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    return birth(pid) is None
