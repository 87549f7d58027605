"""Log files of the services: appended to by the process itself, kept below a bound by us.

The processes write straight to the file and not through a pipe of ours: a busy supervisor must never hold up
a service, and what a dying process says last is on the disk.
"""

import asyncio
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

MOST_BYTES = 10 * 2**20
_LOOK_EVERY = 5.0
_LINE_AT_MOST = 300


def open_to_append(path: Path, *, most: int = MOST_BYTES) -> int:
    """Open a log for a new process and return the descriptor; what was there stays before it, within bounds.

    Raises:
        OSError: it cannot be written.
    """
    keep_below(path, most=most)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def keep_below(path: Path, *, most: int = MOST_BYTES) -> bool:
    """Move what a too large log holds to `….log.1` and empty it; say whether that was done.

    The writer goes on in the same file (it appends). A line written in the instant between copy and cut is lost.
    """
    try:
        if path.stat().st_size <= most:
            return False
        shutil.copyfile(path, path.with_name(path.name + ".1"))
        os.truncate(path, 0)
    except FileNotFoundError:
        return False
    return True


async def keep_all_below(paths: Iterable[Path]) -> None:
    """Look at the logs from time to time, until cancelled."""
    watched = tuple(paths)
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        for path in watched:
            await asyncio.to_thread(keep_below, path)


def last_line(path: Path, since: int = 0) -> str:
    """What a process said last, shortened; empty if it said nothing after byte `since`."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(since if since <= size else 0, size - 8192))
            lines = log.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip()[:_LINE_AT_MOST] if lines else ""
