"""One file of an archive: lines, compressed with gzip, so that `zcat` opens it in ten years too."""

import gzip
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Final, Self

from deploy.archive.errors import ArchiveError
from deploy.archive.manifest import Segment
from deploy.archive.private import open_private, refused, settle

_LEVEL: Final = 3
"""A third of the time of gzip's usual 6, for files a few per cent larger."""
LONGEST_LINE: Final = 256 * 1024 * 1024


class SegmentWriter:
    """Writes one file beside its place and moves it there when it is `finished`; left alone it is no part of anything.

    Raises:
        ArchiveError: NOT_WRITABLE or DISK_FULL, from every method.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._file = root / name
        self._name = name
        self._part = self._file.with_name(f"{self._file.name}.part")
        self._open = ExitStack()
        self._first: int | None = None
        self._last = -1
        self.records = 0
        self.bytes = 0

    def __enter__(self) -> Self:
        try:
            descriptor = self._open.enter_context(open_private(self._part))
            raw = self._open.enter_context(os.fdopen(descriptor, "wb", closefd=False))
            self._hashing = _Hashing(raw)
            self._gzip = self._open.enter_context(
                gzip.GzipFile(filename="", mode="wb", fileobj=self._hashing, compresslevel=_LEVEL, mtime=0)
            )
        except OSError as error:
            self._open.close()
            raise refused(error, self._file) from error
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._open.close()
            self._part.unlink(missing_ok=True)
        except OSError as error:
            raise refused(error, self._file) from error

    def write(self, lines: Sequence[bytes], *, first: int, last: int) -> None:
        """Append lines, those of the records from `first` to `last`."""
        content = b"\n".join(lines) + b"\n"
        try:
            self._gzip.write(content)
        except OSError as error:
            raise refused(error, self._file) from error
        self._first = first if self._first is None else self._first
        self._last = last
        self.records += len(lines)
        self.bytes += len(content)

    def finished(self) -> Segment:
        """Put the file in its place."""
        assert self._first is not None  # noqa: S101 - a file is begun for a record
        try:
            self._open.close()
            self._part.replace(self._file)
            settle(self._file.parent)
        except OSError as error:
            raise refused(error, self._file) from error
        return Segment(
            self._name,
            self._first,
            self._last,
            self.records,
            self.bytes,
            self._hashing.size,
            self._hashing.sha256.hexdigest(),
        )


class _Hashing:
    """What gzip writes to: the file, and beside it the hash of what goes there."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.sha256 = sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self.size += len(data)
        return self._raw.write(data)

    def flush(self) -> None:
        self._raw.flush()


def check_bytes(root: Path, segment: Segment) -> None:
    """Compare a file with its size and hash in the manifest.

    Raises:
        ArchiveError: FILE_MISSING, FILE_CUT or FILE_CHANGED.
    """
    file = root / segment.name
    try:
        with file.open("rb") as handle:
            size = os.fstat(handle.fileno()).st_size
            if size != segment.size:
                raise _wrong("FILE_CUT", file, f"has {size} bytes and should have {segment.size}")
            if file_digest(handle, "sha256").hexdigest() != segment.sha256:
                raise _wrong("FILE_CHANGED", file, "is not what the export wrote: its SHA-256 is another")
    except OSError as error:
        raise _wrong("FILE_MISSING", file, f"cannot be read: {error.strerror}") from error


def read_lines(root: Path, segment: Segment) -> Iterator[bytes]:
    """The lines of a file without their line breaks; never more than the manifest says there are bytes.

    Raises:
        ArchiveError: FILE_MISSING or FILE_CHANGED.
    """
    file = root / segment.name
    left = segment.bytes
    try:
        with gzip.open(file, "rb") as lines:
            while line := lines.readline(min(left, LONGEST_LINE) + 1):
                left -= len(line)
                if left < 0 or not line.endswith(b"\n"):
                    raise _wrong("FILE_CHANGED", file, "does not hold the lines the manifest says")
                yield line[:-1]
    except FileNotFoundError as error:
        raise _wrong("FILE_MISSING", file, f"cannot be read: {error.strerror}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise _wrong("FILE_CHANGED", file, "cannot be unpacked") from error
    if left:
        raise _wrong("FILE_CHANGED", file, "does not hold the lines the manifest says")


def _wrong(code: str, file: Path, what: str) -> ArchiveError:
    return ArchiveError(code, f"{file} {what}.", "Take this file from another copy of the archive.")
