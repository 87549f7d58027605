"""Rows as PostgreSQL's binary COPY reads them, encoded a column at a time.

asyncpg looks at every element of an array parameter twice, one by one. Here nearly all that a column of a batch
needs is done by a few calls into C, and what repeats is encoded once.
"""

import struct
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, repeat
from typing import Any, Final
from uuid import UUID

import asyncpg

from services.common.database import Connection

Encoder = Callable[[Iterable[Any]], Iterable[bytes]]
"""Encodes the values of one column, each with its length in front; None becomes NULL."""

_SLICE: Final = 500
"""Rows after which other tasks get a turn."""
_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
_LENGTH: Final = struct.Struct(">i").pack
_NUMBER: Final = struct.Struct(">ii").pack
_LARGE: Final = struct.Struct(">iq").pack
_UUID: Final = struct.Struct(">i16s").pack
_TRUTHS: Final = {None: _NULL, True: b"\0\0\0\x01\x01", False: b"\0\0\0\x01\0"}
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class CopyInto:
    """Writes rows into one table by COPY.

    Args:
        table: its name, found by the connection's search_path.
        columns: name and encoder of each column, in the order of a row's values.
    """

    def __init__(self, table: str, columns: Mapping[str, Encoder]) -> None:
        self._table = table
        self._names = list(columns)
        self._encoders = list(columns.values())
        self._fields = struct.pack(">h", len(columns))

    async def write(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write all rows, or none.

        Raises:
            asyncpg.UniqueViolationError: one is there already.
        """
        await connection.copy_to_table(
            self._table, source=self._chunks(rows), columns=self._names, format="binary"
        )

    async def write_new(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> bool:
        """Write all rows unless one of them is there already; whether they were written.

        Runs in a transaction, which can be used on in either case.
        """
        try:
            async with connection.transaction():
                await self.write(connection, rows)
        except asyncpg.UniqueViolationError:
            return False
        return True

    def encode(self, rows: Iterable[tuple[Any, ...]]) -> bytes:
        """At least one row, as bytes."""
        columns = zip(*rows, strict=True)
        cells = [encode(column) for encode, column in zip(self._encoders, columns, strict=True)]
        return b"".join(map(b"".join, zip(repeat(self._fields), *cells)))

    async def _chunks(self, rows: Iterable[tuple[Any, ...]]) -> AsyncIterator[bytes]:
        left = iter(rows)
        chunk = _HEADER
        while some := list(islice(left, _SLICE)):
            yield chunk + self.encode(some)
            chunk = b""
        yield chunk + _TRAILER


def uuids(values: Iterable[UUID | None]) -> Iterable[bytes]:
    """Ids that differ from row to row."""
    return [_NULL if value is None else _UUID(16, value.int.to_bytes(16, "big")) for value in values]


def same_uuids(values: Iterable[UUID | None]) -> Iterable[bytes]:
    """Ids of which a few come again and again."""
    return map(_Uuids().__getitem__, [None if value is None else value.int for value in values])


def numbers(values: Iterable[int | None]) -> Iterable[bytes]:
    """Values of the type integer."""
    return [_NULL if value is None else _NUMBER(4, value) for value in values]


def truths(values: Iterable[bool | None]) -> Iterable[bytes]:
    """Values of the type boolean."""
    return map(_TRUTHS.__getitem__, values)


def moments(values: Iterable[datetime | None]) -> Iterable[bytes]:
    """Moments with a zone."""
    return [_NULL if value is None else _LARGE(8, (value - _EPOCH) // _MICROSECOND) for value in values]


def texts(values: Iterable[str | None]) -> Iterable[bytes]:
    """Texts that differ from row to row."""
    return [_NULL if value is None else _LENGTH(len(text := value.encode())) + text for value in values]


def same_texts(values: Iterable[str | None]) -> Iterable[bytes]:
    """Texts of which a few come again and again."""
    return map(_Texts().__getitem__, values)


def raw_texts(values: Iterable[bytes]) -> Iterable[bytes]:
    """Texts that are UTF-8 already."""
    return [_LENGTH(len(value)) + value for value in values]


class _Texts(dict[str | None, bytes]):
    def __missing__(self, value: str | None) -> bytes:
        (cell,) = texts([value])
        self[value] = cell
        return cell


class _Uuids(dict[int | None, bytes]):
    def __missing__(self, value: int | None) -> bytes:
        cell = self[value] = _NULL if value is None else _UUID(16, value.to_bytes(16, "big"))
        return cell
