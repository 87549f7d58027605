"""The journal's writing end: many waiting requests share one flush to disk."""

import asyncio
import fcntl
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.account_service.journal import Entry, encode, scan


class JournalBusy(Exception):
    """Another process writes this journal."""


class JournalUnavailable(Exception):
    """The entries could not be written; nothing of them happened. A later try may succeed."""


class JournalLost(Exception):
    """The disk did not confirm a flush: what is on it is unknown, so the process must end."""


class JournalWriter:
    """Appends entries in groups: write, fdatasync, then `apply` each, then wake those who waited.

    An entry has no effect anybody can see before it is on disk. One thread writes, so the event loop
    goes on collecting the next group meanwhile.
    """

    def __init__(self, path: Path, apply: Callable[[Entry], None]) -> None:
        self._path = path
        self._apply = apply
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._lines: list[bytes] = []
        self._entries: list[Entry] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._descriptor = -1
        self.length = 0
        self.entries = 0
        self.groups = 0
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def open(self) -> int:
        """Lock the file, apply what it holds, cut a torn last line; gives the bytes cut.

        Raises:
            JournalBusy: another process holds it.
            JournalDamaged: it cannot be read.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise JournalBusy(f"Another account service writes the journal {self._path}.") from None
        with self._path.open("rb") as file:
            entries, self.length = scan(file)
        for entry in entries:
            self._apply(entry)
        self.entries = len(entries)
        cut = os.fstat(self._descriptor).st_size - self.length
        if cut:
            os.ftruncate(self._descriptor, self.length)
        # The file's name must be on disk as well before the first answer relies on it.
        os.fsync(self._descriptor)
        directory = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)
        return cut

    async def append(self, entries: Sequence[Entry]) -> None:
        """Return once the entries are on disk and applied.

        Raises:
            JournalUnavailable: they are neither.
            JournalLost: nobody knows.
        """
        if self.lost.done():
            raise JournalUnavailable("The journal is not written any more.")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._lines.extend(map(encode, entries))
        self._entries.extend(entries)
        self._waiting.append(done)
        if self._task is None:
            self._task = loop.create_task(self._commit_groups())
        await done

    async def close(self) -> None:
        """Finish what is under way and let the file go."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()
        os.close(self._descriptor)

    async def _commit_groups(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._lines:
                lines, entries, waiting = self._lines, self._entries, self._waiting
                self._lines, self._entries, self._waiting = [], [], []
                failure: Exception | None = None
                try:
                    await loop.run_in_executor(self._thread, self._write, b"".join(lines))
                except JournalUnavailable as error:
                    failure = error
                except JournalLost as error:
                    self.lost.set_exception(error)
                    _wake([*waiting, *self._waiting], error)
                    return
                if failure is None:
                    self.groups += 1
                    self.entries += len(entries)
                    for entry in entries:
                        self._apply(entry)
                _wake(waiting, failure)
        finally:
            self._task = None

    def _write(self, data: bytes) -> None:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            try:
                os.ftruncate(self._descriptor, self.length)
            except OSError as second:
                raise JournalLost("The journal could be neither written nor cut back.") from second
            raise JournalUnavailable("The journal cannot be written.") from error
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise JournalLost("The disk did not confirm a flush of the journal.") from error
        self.length += len(data)


def _wake(waiting: list[asyncio.Future[None]], failure: Exception | None) -> None:
    for done in waiting:
        if done.done():
            continue
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)
