"""A file with personal data: complete or not there, readable by its owner only, never over another one."""

import os
from collections.abc import Iterable
from pathlib import Path

from cli.errors import Failure
from cli.exits import Exit


def save(file: Path, pieces: Iterable[bytes]) -> int:
    """Write what comes into a new file; how many bytes it has.

    Raises:
        Failure: 1 when there is a file already, or it cannot be written.
    """
    fresh = file.with_name(f".{file.name}.{os.getpid()}.part")
    size = 0
    try:
        if file.exists():
            raise Failure(Exit.ERROR, "FILE_EXISTS", f"{file} is there already.", "Name another file.")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                for piece in pieces:
                    size += out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(
            Exit.ERROR, "NOT_WRITABLE", f"{file} cannot be written: {reason}.", "Name another file."
        ) from error
    return size
