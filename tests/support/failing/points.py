"""Named points at which a process fails on request.

`FAILPOINT=name:nth:action`, where the action is one of `sigkill`, `sigstop:ms`, `raise` and `sleep:ms` (the whole
process sleeps, so its event loop is blocked). `FAILPOINT=/a/folder` takes the same words from the names of files in
it, at any time; whichever process comes to such a point first takes the file away and fails: once, over all copies
and restarts. It leaves a file `struck/name:nth:action`, which holds its process id and the time; in `calls` every
process notes whom it asked for (see `edges.py`).
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "polled",
    "intake_before_commit",
    "intake_committed",
    "call_begins",
    "call_answered",
    "outcomes_committed",
    "sent",
    "confirmed",
    "revoked",
    "half_done",
)
"""The ten of the test plan: after poll · before the intake commit · after it · before the HTTP call · after the HTTP
answer, before the outcome commit · after that, before the relay sends · after sending, before the confirmation is
heard · after it, before the mark · partitions are revoked · half of a chunk is done."""


class Struck(Exception):
    """What the action `raise` raises."""


@dataclass(frozen=True)
class Spec:
    """Fail at the `nth` time that `name` is reached."""

    name: str
    nth: int
    action: str
    ms: int = 0

    @classmethod
    def parse(cls, word: str) -> "Spec":
        """Read `name:nth:action[:ms]`.

        Raises:
            ValueError: it is not one, or no such point exists.
        """
        name, nth, action, *ms = word.split(":")
        if name not in NAMES or action not in _ACTIONS or (action in ("sigstop", "sleep")) != (len(ms) == 1):
            raise ValueError(f"{word!r} is not name:nth:action; names: {', '.join(NAMES)}")
        return cls(name, int(nth), action, int(ms[0]) if ms else 0)

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.name}:{self.nth}:{self.action}" + (f":{self.ms}" if self.ms else "")


class Points:
    """Counts how often each point is reached, and fails where it was asked for; `folder` is where that is said."""

    def __init__(self, where: str) -> None:
        """`where` is the value of `FAILPOINT`; empty: never."""
        self.folder = Path(where) if where.startswith("/") else None
        self._fixed = [Spec.parse(where)] if where and self.folder is None else []
        self._laid: list[Spec] = []
        self._seen = -1
        self._counts: dict[Spec, int] = {}

    def reached(self, name: str) -> None:
        """A point is reached: returns, unless something is to happen here."""
        for spec in self._specs():
            if spec.name != name:
                continue
            count = self._counts[spec] = self._counts.get(spec, 0) + 1
            if count == spec.nth and self._taken(spec):
                _ACTIONS[spec.action](spec.ms)

    def _specs(self) -> list[Spec]:
        if self.folder is None:
            return self._fixed
        changed = self.folder.stat().st_mtime_ns
        if changed != self._seen:
            self._seen = changed
            self._laid = [Spec.parse(found.name) for found in self.folder.iterdir() if found.is_file()]
            self._counts = {spec: count for spec, count in self._counts.items() if spec in self._laid}
        return self._laid

    def _taken(self, spec: Spec) -> bool:
        if self.folder is None:
            return True
        struck = self.folder / "struck" / str(spec)
        try:
            (self.folder / str(spec)).rename(struck)
        except FileNotFoundError:  # another process was faster
            return False
        struck.write_text(f"{os.getpid()} {time.time()}")
        return True


def _kill(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop(ms: int) -> None:
    """Stop the whole process; somebody else lets it go on."""
    wake = f"sleep {ms / 1000}; kill -CONT {os.getpid()}"
    subprocess.Popen(["/bin/sh", "-c", wake], start_new_session=True)
    os.kill(os.getpid(), signal.SIGSTOP)


def _raise(_: int) -> None:
    raise Struck


def _sleep(ms: int) -> None:
    time.sleep(ms / 1000)


_ACTIONS: dict[str, Callable[[int], None]] = {
    "sigkill": _kill,
    "sigstop": _stop,
    "raise": _raise,
    "sleep": _sleep,
}
