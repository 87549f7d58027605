"""Files that hold personal data: readable by their owner only, complete or not there."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.archive.errors import ArchiveError

FILE_MODE, FOLDER_MODE = 0o600, 0o700
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def make_folder(folder: Path) -> None:
    """Make a folder, private, and its missing parents, which are not.

    Raises:
        ArchiveError: NOT_WRITABLE or DISK_FULL.
    """
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, folder) from error


def write_private(file: Path, content: bytes) -> None:
    """Replace a file in one step.

    Raises:
        ArchiveError: NOT_WRITABLE or DISK_FULL.
    """
    fresh = file.with_name(f"{file.name}.part")
    try:
        with open_private(fresh) as descriptor, os.fdopen(descriptor, "wb", closefd=False) as handle:
            handle.write(content)
        fresh.replace(file)
        settle(file.parent)
    except OSError as error:
        raise refused(error, file) from error


@contextmanager
def open_private(file: Path) -> Iterator[int]:
    """The descriptor of a file made anew, flushed to the disk at the end."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        yield descriptor
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def only_here(folder: Path) -> Iterator[None]:
    """Be the only one that writes to a folder; a process that ends lets go of it.

    Raises:
        ArchiveError: FOLDER_IN_USE or NOT_WRITABLE.
    """
    descriptor = -1
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if descriptor >= 0:
            os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN):
            raise ArchiveError(
                "FOLDER_IN_USE", f"Another export writes to {folder}.", "Wait for it, or name another folder."
            ) from error
        raise refused(error, folder) from error
    try:
        yield
    finally:
        os.close(descriptor)


def refused(error: OSError, path: Path) -> ArchiveError:
    """What the system said about a path, as a sentence."""
    if error.errno in _FULL:
        return ArchiveError(
            "DISK_FULL", f"The disk that holds {path} is full.", "Make room and run the same command again."
        )
    reason = error.strerror or str(error)
    return ArchiveError("NOT_WRITABLE", f"{path} cannot be used: {reason}.", "Name another folder.")
