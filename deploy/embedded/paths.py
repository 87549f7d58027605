"""Where the embedded stack keeps what it has installed: outside the checkout, shared by all of them."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import StackError


def cache_dir() -> Path:
    """Return the folder of installed parts, without making it.

    ``COURSE_ACCOUNTS_CACHE`` names it outright (a site's shared, read-only copy, say); else it is the
    user's own cache folder.
    """
    named = os.environ.get("COURSE_ACCOUNTS_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "course-accounts"


def make_dir(path: Path, mode: int = 0o755) -> Path:
    """Make a folder and its missing parents; those that exist keep their permissions.

    Raises:
        StackError: ``NOT_WRITABLE`` or ``DISK_FULL``.
    """
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise os_error(error, path) from error
    return path


def os_error(error: OSError, path: Path) -> StackError:
    """Turn an operating system's refusal at ``path`` into a sentence."""
    reason = error.strerror or str(error)
    if error.errno in _FULL:
        return StackError("DISK_FULL", f"The disk that holds {path} is full.", "Make room and start again.")
    return StackError("NOT_WRITABLE", f"{path} cannot be used: {reason}.", "Choose another folder.")


@contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Wait until no other process is inside the same block, then enter; a dead process holds nothing."""
    make_dir(lock_file.parent)
    try:
        handle = lock_file.open("a")
    except OSError as error:
        raise os_error(error, lock_file) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
