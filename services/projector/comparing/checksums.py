"""A table in 4,096 sums: equal sums, equal rows. Read in ranges of blocks, so that no statement takes long."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from services.common.sql import load_queries
from services.projector.comparing.catalog import Column, Table
from services.projector.comparing.pieces import BUCKETS, pieces
from services.projector.comparing.sides import STATEMENT_S, Side

_SQL = load_queries("services.projector.comparing")
_BLOCKS = 8192
"""Blocks in one statement: 64 MB, well under a second."""
_LAST_BLOCK = 2**32 - 1

Tell = Callable[[int], None]
"""Is told how many more rows were read."""


class Sum(NamedTuple):
    """Of one bucket."""

    rows: int = 0
    hashes: int = 0


Sums = Mapping[int, Sum]


async def checksums(
    side: Side, table: Table, key: Sequence[Column], columns: Sequence[Column], tell: Tell
) -> Sums:
    """Rows and sum of their hashes over `columns`, by bucket of `key`."""
    query = _SQL["checksums"].format_map(pieces(key, columns, side.schema, table.name, rows=table.rows))
    sums: dict[int, Sum] = {}
    async for rows in _ranges(side, query, table.blocks):
        for bucket, number, hashes in rows:
            known = sums.get(bucket, Sum())
            sums[bucket] = Sum(known.rows + number, known.hashes + int(hashes))
        tell(sum(number for _, number, _ in rows))
    return sums


async def _ranges(side: Side, query: str, blocks: int) -> AsyncIterator[list[tuple[int, int, int]]]:
    """Rows that the snapshot sees lie in blocks that were there when their number was asked, or in the last range."""
    statement = await side.connection.prepare(query)
    for start in range(0, max(blocks, 1), _BLOCKS):
        end = start + _BLOCKS
        until = (_LAST_BLOCK, 0) if end >= blocks else (end, 0)
        rows = await statement.fetch((start, 0), until, timeout=STATEMENT_S)
        yield [(row["bucket"], row["rows"], row["hashes"]) for row in rows]


def differing_buckets(here: Sums, there: Sums) -> bytes:
    """A bit for each bucket, set where the two differ; empty if they are equal."""
    bits = bytearray(BUCKETS // 8)
    for bucket in here.keys() | there.keys():
        if here.get(bucket) != there.get(bucket):
            bits[bucket >> 3] |= 1 << (bucket & 7)
    return bytes(bits) if any(bits) else b""


def checksum(sums: Sums) -> str:
    """All of them in 16 hexadecimal digits."""
    said = b"".join(b"%d:%d:%d;" % (bucket, *sums[bucket]) for bucket in sorted(sums))
    return blake2b(said, digest_size=8).hexdigest()


def rows_in(sums: Sums) -> int:
    """Rows of the table."""
    return sum(bucket.rows for bucket in sums.values())
