"""The processes that read files: a few, started when first needed, used again, and replaced when dead or stuck."""

import asyncio
import contextlib
import os
import socket
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, Final

import structlog

import services
from services.importer.drafts.protocol import (
    Answer,
    BadFrame,
    Broken,
    Faulty,
    Finished,
    Task,
    framed,
    read_answer,
)

logger = structlog.get_logger(__name__)

STUCK_S: Final = 60.0
"""A reader that has said nothing for so long is not going to."""
_AHEAD: Final = 1024 * 1024
"""Bytes that may wait for us before the reader must: asyncio takes twice that before it stops taking."""
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "HOME", "LD_LIBRARY_PATH", "SYSTEMROOT")


class WorkerLost(Exception):
    """The reading process died, got stuck or made a mistake; the text says which, with nothing from the file."""


class Workers:
    """At most `size` files are read at once; who comes later waits."""

    def __init__(self, size: int) -> None:
        self._free = asyncio.Semaphore(size)
        self._idle: deque[_Worker] = deque()
        self._all: set[_Worker] = set()
        self._warming: asyncio.Task[_Worker] | None = None

    def warm(self) -> None:
        """Begin to start the first process, because a file is on its way."""
        if not self._all and self._warming is None:
            self._warming = asyncio.create_task(self._start(), name="start_reader")

    async def stop(self) -> None:
        """End all processes."""
        if self._warming is not None:
            await asyncio.gather(self._warming, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in list(self._all)), return_exceptions=True)
        self._all.clear()
        self._idle.clear()

    @property
    def processes(self) -> list[int]:
        """Their process ids."""
        return [worker.pid for worker in self._all]

    @asynccontextmanager
    async def read(self, task: Task, file: BinaryIO) -> AsyncIterator[AsyncIterator[Answer]]:
        """Have `file` read from its beginning; yields the answers, up to Finished or Faulty.

        The iterator raises `WorkerLost`. The process is used again only if it was heard to the end.
        """
        async with self._free:
            worker = await self._take()
            done = False
            try:
                await worker.begin(task, file)

                async def answers() -> AsyncIterator[Answer]:
                    nonlocal done
                    while not done:
                        answer = await worker.next()
                        if isinstance(answer, Broken):
                            raise WorkerLost(f"{answer.error} at {' < '.join(answer.where)}")
                        done = isinstance(answer, Finished | Faulty)
                        yield answer

                yield answers()
            finally:
                if done:
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
                    await asyncio.shield(worker.end())

    async def _take(self) -> "_Worker":
        if self._idle:
            return self._idle.pop()
        if self._warming is not None:
            warming, self._warming = self._warming, None
            return await warming
        return await self._start()

    async def _start(self) -> "_Worker":
        worker = await _Worker.start()
        self._all.add(worker)
        return worker


class _Worker:
    """One process; see `worker.py` for what it does."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        control: socket.socket,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._control = control
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls) -> "_Worker":
        control, its_control = socket.socketpair()
        data, its_data = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.importer.drafts.worker",
                str(its_control.fileno()),
                str(its_data.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                pass_fds=(its_control.fileno(), its_data.fileno()),
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the service: the process leaves with it
            )
        except BaseException:
            control.close()
            data.close()
            raise
        finally:
            its_control.close()
            its_data.close()
        control.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=data, limit=_AHEAD)
        return cls(process, control, reader, writer)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def begin(self, task: Task, file: BinaryIO) -> None:
        try:
            socket.send_fds(self._control, [b"\x01"], [file.fileno()])
            await asyncio.get_running_loop().sock_sendall(self._control, framed(task))
        except OSError as error:
            raise WorkerLost("the process is gone") from error

    async def next(self) -> Answer:
        try:
            async with asyncio.timeout(STUCK_S):
                return await read_answer(self._reader)
        except TimeoutError:
            raise WorkerLost("the process is stuck") from None
        except (asyncio.IncompleteReadError, BadFrame, OSError) as error:
            raise WorkerLost("the process died") from error

    async def end(self) -> None:
        self._control.close()
        self._writer.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


def _environment() -> dict[str, str]:
    """What Python needs to start, and nothing that the service knows: files are not to be trusted."""
    kept = {name: value for name in _KEPT if (value := os.environ.get(name)) is not None}
    return {
        **kept,
        "PYTHONPATH": str(Path(services.__file__).parent.parent),
        "PYTHONSAFEPATH": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }
