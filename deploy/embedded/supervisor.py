"""Keep processes running: notice an end, wait a little, start again, say so."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .backoff import Backoff
from .errors import StackError

_LOOK_EVERY = 0.1


class Managed(Protocol):
    """Something that runs as one process. Kafka, PostgreSQL and our services look the same from here."""

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        ...

    @property
    def log_file(self) -> Path:
        """Where it says what it does."""
        ...

    async def start(self) -> None:
        """Start it and return once it is ready; StackError if it cannot."""
        ...

    async def wait(self) -> int:
        """Wait for its end; the exit code."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """A process has ended that should run. `again_in` are seconds."""

    label: str
    pid: int
    code: int
    again_in: float
    log: Path


@dataclass(frozen=True, slots=True)
class Replaced:
    """A new process is ready in the place of one that ended."""

    label: str
    pid: int
    seconds: float


@dataclass(frozen=True, slots=True)
class NotReplaced:
    """A new process could not be started; another try follows."""

    label: str
    error: StackError
    again_in: float


Change = Ended | Replaced | NotReplaced


@dataclass(slots=True)
class Supervisor:
    """Watches started processes until it is told to stop.

    Attributes:
        tell: hears of every change, also so that files naming process ids can be written again.
        backoff: how long to wait before a new start.
    """

    tell: Callable[[Change], None]
    backoff: Backoff = field(default_factory=Backoff)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _broken: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def keep(self, label: str, process: Managed) -> None:
        """From now on start `process`, which runs, again whenever it ends."""
        task = asyncio.create_task(self._keep(label, process), name=f"keep {label}")
        self._tasks.add(task)
        task.add_done_callback(self._over)

    async def failed(self) -> None:
        """Wait for a mistake in the supervision itself, and raise it."""
        await asyncio.shield(self._broken)

    async def stop(self) -> None:
        """Start nothing any more. The processes themselves go on."""
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not self._broken.done():
            self._broken.set_exception(error)

    async def _keep(self, label: str, process: Managed) -> None:
        failures = 0
        while True:
            began, pid = time.monotonic(), process.pid
            while process.pid is not None:  # noqa: ASYNC110 - another process's state, and no hurry
                await asyncio.sleep(_LOOK_EVERY)
            code = await process.wait()
            failures = self.backoff.failures(failures, time.monotonic() - began)
            delay = self.backoff.delay(failures, random.random)
            self.tell(Ended(label, pid or 0, code, delay, process.log_file))
            failures = await self._start_again(label, process, delay, failures)

    async def _start_again(self, label: str, process: Managed, delay: float, failures: int) -> int:
        while True:
            await asyncio.sleep(delay)
            began = time.monotonic()
            try:
                await process.start()
            except StackError as error:
                failures += 1
                delay = self.backoff.delay(failures, random.random)
                self.tell(NotReplaced(label, error, delay))
            else:
                self.tell(Replaced(label, process.pid or 0, time.monotonic() - began))
                return failures
