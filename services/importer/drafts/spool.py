"""An upload on its way: kept in a file, counted, hashed and bounded while it arrives."""

import asyncio
import contextlib
import hashlib
import tempfile
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

_BUFFER: Final = 256 * 1024
_IN_MEMORY: Final = 1024 * 1024


class TooLarge(Exception):
    """More bytes than the limit."""


class Spool:
    """Bytes of one upload. Small ones stay in memory; nothing has a name on disk that would outlive us."""

    def __init__(self, max_bytes: int, directory: Path | None) -> None:
        self._max = max_bytes
        where = None if directory is None else str(directory)
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=where)  # noqa: SIM115 - close()
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self.size = 0

    async def write(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            TooLarge: they are more than the limit; nothing more may be written.
            OSError: the disk does not take them.
        """
        self.feed(data)
        if len(self._waiting) >= _BUFFER:
            await self.flush()

    def feed(self, data: bytes) -> None:
        """Take bytes without writing them yet: `flush` must follow soon.

        Raises:
            TooLarge: as `write`.
        """
        self.size += len(data)
        if self.size > self._max:
            raise TooLarge
        self._waiting += data

    async def flush(self) -> None:
        """Write what waits, in a thread."""
        waiting, self._waiting = bytes(self._waiting), bytearray()
        if waiting:
            await asyncio.to_thread(self._put, waiting)

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)

    def sha256(self) -> bytes:
        """Fingerprint of what was written."""
        return self._hash.digest()

    def rewound(self) -> BinaryIO:
        """The file, at its beginning; what was flushed is really in it."""
        self._file.seek(0)
        self._file.fileno()  # one in memory becomes a real one, which another process can read
        self._file.flush()
        return cast("BinaryIO", self._file)

    def close(self) -> None:
        """Let go of the bytes; harmless twice."""
        with contextlib.suppress(OSError):
            self._file.close()
