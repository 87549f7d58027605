"""One of our own services as a child process: started, asked whether it is ready, stopped."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import http_probe, service_logs
from .child import Child
from .errors import StackError
from .paths import os_error
from .reaper import Reaper
from .stack import HOST, ServiceSpec

READY_WITHIN = 60.0
_EXIT_USAGE = 2
_ROOT = Path(__file__).resolve().parents[2]


class Standby:
    """A process that has loaded a service's libraries and waits for its settings; without them it ends."""

    def __init__(self, arguments: Sequence[str], log_file: Path, warden: Reaper) -> None:
        self._process = _spawn(arguments, {}, log_file, stdin=subprocess.PIPE)
        warden.watch(self._process.pid, signal.SIGTERM)
        self._warden = warden

    def become(self, env: Mapping[str, str]) -> Child | None:
        """Give it the settings; None if it has ended."""
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - asked for above
        try:
            with pipe:
                pipe.write(json.dumps(dict(env)).encode() + b"\n")
        except OSError:
            return None
        return Child(self._process, self._warden)

    async def dismiss(self) -> None:
        """End it if it still waits."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
            await Child(self._process, self._warden).stop(signal.SIGTERM, within=1.0)


class ServiceProcess:
    """A process made from a description. The same object starts it again after it has ended."""

    def __init__(
        self,
        spec: ServiceSpec,
        warden: Reaper,
        logs: Path,
        *,
        standby: Standby | None = None,
        ready_within: float = READY_WITHIN,
    ) -> None:
        self.spec = spec
        self.log_file = logs / f"{spec.label}.log"
        self._warden = warden
        self._standby = standby
        self._ready_within = ready_within
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid if self._child and self._child.code is None else None

    async def start(self) -> None:
        """Start it and return once it says that it is ready.

        Raises:
            StackError: SERVICE_ENDED, SERVICE_REFUSED (its settings: trying again is no use), SERVICE_NOT_READY,
                NOT_WRITABLE or DISK_FULL.
        """
        try:
            began = self.log_file.stat().st_size if self.log_file.exists() else 0
            child = self._awake() or self._spawn()
        except OSError as error:
            raise os_error(error, self.log_file) from error
        self._child = child

        async def is_ready() -> bool:
            return await http_probe.status(HOST, self.spec.port, self.spec.ready_path) == 200

        if not await child.ready(is_ready, within=self._ready_within):
            raise self._not_started(child.code, began)

    async def wait(self) -> int:
        """Wait until it ends; return its exit code."""
        if self._child is None:
            raise RuntimeError("wait() before start()")
        return await self._child.wait()

    async def stop(self, *, within: float) -> None:
        """Ask it to end; kill it after so many seconds. No error if it does not run."""
        child, self._child = self._child, None
        if child is not None:
            await child.stop(signal.SIGTERM, within=within)

    def _awake(self) -> Child | None:
        standby, self._standby = self._standby, None
        return None if standby is None else standby.become(self.spec.env)

    def _spawn(self) -> Child:
        process = _spawn(self.spec.arguments, self.spec.env, self.log_file)
        self._warden.watch(process.pid, signal.SIGTERM)
        return Child(process, self._warden)

    def _not_started(self, code: int | None, began: int) -> StackError:
        said = service_logs.last_line(self.log_file, began)
        quoted = f" It said: {said}" if said else ""
        if code is None or code == -signal.SIGKILL:
            return StackError(
                "SERVICE_NOT_READY",
                f"The {self.spec.label} did not get ready within {self._ready_within:.0f} s.{quoted}",
                "The machine may be overloaded; try again.",
                log=self.log_file,
            )
        return StackError(
            "SERVICE_REFUSED" if code == _EXIT_USAGE else "SERVICE_ENDED",
            f"The {self.spec.label} ended while starting ({how_it_ended(code)}).{quoted}",
            log=self.log_file,
        )


def _spawn(
    arguments: Sequence[str], env: Mapping[str, str], log_file: Path, *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    output = service_logs.open_to_append(log_file)
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    try:
        return subprocess.Popen(
            arguments,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log_file.parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": paths, **env},
            # Its own group: a Ctrl-C in the terminal reaches us only, and we stop things in order.
            process_group=0,
        )
    finally:
        os.close(output)


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"
