"""A helper process that ends a stack's children when their parent dies, however it dies.

The parent holds one end of a pipe and says what it has started. When the pipe closes (the parent ended,
or was killed with no chance to tidy up), the helper ends what is left: first with each process's own
signal, a few seconds later with SIGKILL. Then it removes the throw-away folders it was told of.

The helper runs this very file as a script (see the last lines), so the file imports only the standard
library's quickest parts.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE = 6.0
"""Seconds between a process's own signal and SIGKILL."""

_TICK = 0.05


class Reaper:
    """The parent's end: tells the helper which processes belong to this stack.

    The helper is started with the first process it is told of. If somebody ends the helper itself, the
    next word to it starts another and repeats everything.
    """

    def __init__(self, grace: float = GRACE) -> None:
        self._grace = grace
        self._helper: subprocess.Popen[bytes] | None = None
        self._watched: dict[int, int] = {}
        self._throwaway: list[Path] = []
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The helper's process id, once there is one."""
        return self._helper.pid if self._helper else None

    def watch(self, pid: int, sig: int = signal.SIGTERM) -> None:
        """From now on end this process with ``sig`` should the parent die."""
        with self._lock:
            self._watched[pid] = sig
            self._say(f"+{pid} {int(sig)}\n")

    def forget(self, pid: int) -> None:
        """Leave this process alone: it has ended (its id may soon be somebody else's)."""
        with self._lock:
            if self._watched.pop(pid, None) is not None:
                self._say(f"-{pid}\n")

    def throw_away(self, folder: Path) -> None:
        """Remove this folder and all in it once the parent is gone: for data that outlives no run."""
        with self._lock:
            self._throwaway.append(folder.resolve())
            self._say(f"x{folder.resolve()}\n")

    def close(self) -> None:
        """End the helper, with it every process it still watches and every throw-away folder.

        Returns when all that is done.
        """
        with self._lock:
            helper, self._helper = self._helper, None
            self._watched.clear()
            self._throwaway.clear()
        if helper is None:
            return
        if helper.stdin:
            # A helper that is gone already has nothing left to hear.
            with contextlib.suppress(BrokenPipeError):
                helper.stdin.close()
        helper.wait()

    def _say(self, line: str) -> None:
        if self._helper is None or self._helper.poll() is not None:
            self._start()
            line = "".join(f"+{pid} {int(sig)}\n" for pid, sig in self._watched.items())
            line += "".join(f"x{folder}\n" for folder in self._throwaway)
        helper = self._helper
        if helper is not None and helper.stdin is not None:
            helper.stdin.write(line.encode())

    def _start(self) -> None:
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.close()
        self._helper = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(self._grace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            start_new_session=True,
        )


def birth(pid: int) -> str | None:
    """Return a word that differs between two processes that had the same id one after the other."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123 - this file stays quick to start
            fields = stat.read().rpartition(b")")[2].split()
        # A zombie has ended; only its parent has not asked yet.
        return None if fields[0] == b"Z" else fields[19].decode()
    except FileNotFoundError:
        if os.path.exists("/proc/self/stat"):  # noqa: PTH110 - same
            return None
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    state, _, started = answer.partition(" ")
    return None if not answer or state.startswith("Z") else started.strip()


def send(pid: int, sig: int, *, group: bool = False) -> None:
    """Send a signal to a process, or to the whole group it leads; a process that has gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if group and os.getpgid(pid) == pid:
            os.killpg(pid, sig)
        else:
            os.kill(pid, sig)


def main(grace: float) -> None:
    """Be the helper: listen until the pipe closes, then end what is left."""
    for stray in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stray, signal.SIG_IGN)
    watched: dict[int, tuple[int, str]] = {}
    throwaway: list[str] = []
    for line in sys.stdin.buffer:
        word = line.decode().strip()
        if word.startswith("+"):
            pid, sig = (int(part) for part in word[1:].split())
            born = birth(pid)
            if born is not None:
                watched[pid] = (sig, born)
        elif word.startswith("-"):
            watched.pop(int(word[1:]), None)
        elif word.startswith("x/"):
            throwaway.append(word[1:])
    left = {pid: born for pid, (_, born) in watched.items() if birth(pid) == born}
    for pid in left:
        send(pid, watched[pid][0])
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(_TICK)
        left = {pid: born for pid, born in left.items() if birth(pid) == born}
    for pid in left:
        send(pid, signal.SIGKILL, group=True)
    for folder in throwaway:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
