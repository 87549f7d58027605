"""One running stack a data directory: the lock that says so, and the file that says where it listens."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .paths import make_dir, os_error
from .private_files import read_json

_LOCK = "up.lock"
RUNNING = "ready.json"
"""Same content as the ready file; there from the moment everything is ready until the end."""


class AlreadyRunning(Exception):
    """Another `up` holds the data directory. `document` says where it listens, None if it is just starting."""

    def __init__(self, home: Path, document: dict[str, Any] | None) -> None:
        super().__init__(f"The stack on {home} is running already.")
        self.home = home
        self.document = document


def make_home(home: Path, *, as_root: bool) -> None:
    """Make the data directory: private; as root passable, for PostgreSQL's own user must get through."""
    make_dir(home, 0o711 if as_root else 0o700)


@contextmanager
def only_here(home: Path, *, patience: float = 1.0) -> Iterator[None]:
    """Hold the data directory while the block runs. The system lets go of it when this process ends.

    Args:
        home: the data directory; exists.
        patience: seconds to wait for one that is just ending.

    Raises:
        AlreadyRunning: somebody else holds it.
        StackError: NOT_WRITABLE.
    """
    try:
        handle = (home / _LOCK).open("a")
    except OSError as error:
        raise os_error(error, home) from error
    with handle:
        deadline = time.monotonic() + patience
        while not _held(handle.fileno()):
            if (home / RUNNING).exists() or time.monotonic() > deadline:
                raise AlreadyRunning(home, read_json(home / RUNNING))
            time.sleep(0.05)
        (home / RUNNING).unlink(missing_ok=True)  # of a predecessor that was killed
        yield


def running(home: Path) -> dict[str, Any] | None:
    """What is running on the data directory, None if nothing is."""
    try:
        with (home / _LOCK).open("a") as handle:
            if _held(handle.fileno()):
                return None
    except OSError:
        return None
    return read_json(home / RUNNING)


def _held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
