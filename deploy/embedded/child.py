"""One child process: its own group, its output in a file, ended with its parent, stopped within a bound."""

import asyncio
import contextlib
import pwd
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from . import reaper
from .paths import os_error
from .reaper import Reaper

_TICK = 0.02


class Child:
    """A started process.

    It is asked for its end by polling, not through the event loop's child watcher, so a child may be
    started under one loop and stopped under another, or under none.
    """

    def __init__(self, process: subprocess.Popen[bytes], warden: Reaper) -> None:
        self._process = process
        self._warden = warden

    @classmethod
    def start(
        cls,
        arguments: Sequence[str],
        *,
        warden: Reaper,
        output: Path,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        end_with: int = signal.SIGTERM,
    ) -> Self:
        """Start a program.

        Args:
            arguments: program and arguments; never a shell line.
            warden: ends the process should this one die.
            output: file for what it prints, opened anew.
            cwd: its working folder.
            env: its whole environment; None for ours.
            user: name of another user to run as (needs root).
            end_with: the signal that asks it to end.

        Raises:
            StackError: if the output file cannot be written.
        """
        try:
            sink = output.open("wb")
        except OSError as error:
            raise os_error(error, output) from error
        with sink:
            process = subprocess.Popen(
                list(arguments),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=env,
                user=user,
                group=_group_of(user),
                extra_groups=None if user is None else [],
                # Its own group: a Ctrl-C in the terminal reaches the parent only, which stops things in order.
                process_group=0,
            )
        warden.watch(process.pid, end_with)
        return cls(process, warden)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code (negative: the signal that ended it), None while it runs."""
        code = self._process.poll()
        if code is not None:
            self._warden.forget(self._process.pid)
        return code

    async def wait(self) -> int:
        """Wait for its end and return the exit code."""
        code = self.code
        while code is None:
            await asyncio.sleep(_TICK)
            code = self.code
        return code

    async def finish(self, *, within: float) -> int | None:
        """Wait for its end and return the exit code; None if it had to be killed after ``within`` seconds."""
        try:
            async with asyncio.timeout(within):
                return await self.wait()
        except TimeoutError:
            return None
        finally:
            self.kill()

    async def ready(self, is_ready: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        """Wait until ``is_ready`` says so; return False if it ended or ``within`` seconds passed before.

        On False, or when cancelled, nothing of it is left running.
        """
        deadline = time.monotonic() + within
        done = False
        try:
            while self.code is None and time.monotonic() < deadline:
                done = await is_ready()
                if done:
                    break
                await asyncio.sleep(_TICK)
        finally:
            if not done:
                self.kill()
        return done

    async def stop(self, sig: int = signal.SIGTERM, *, within: float) -> int:
        """Ask it to end with ``sig``; kill its whole group if it has not ended after ``within`` seconds."""
        if self.code is None:
            reaper.send(self.pid, sig)
        try:
            async with asyncio.timeout(within):
                return await self.wait()
        except TimeoutError:
            self.kill()
            return await self.wait()
        finally:
            # Also when we are cancelled ourselves: nothing may be left behind.
            self.kill()

    def kill(self) -> None:
        """Kill it and its whole group at once; no error if it has ended."""
        if self.code is None:
            reaper.send(self.pid, signal.SIGKILL, group=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            _ = self.code  # so that the reaper forgets it


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    return pwd.getpwnam(user).pw_gid
