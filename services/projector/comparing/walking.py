"""The rows of buckets that differ: how many do, and the first of them with what they say here and there."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import NamedTuple

from services.common.sql import load_queries
from services.projector.comparing.catalog import Column
from services.projector.comparing.cells import RowDifference, Value, row_difference
from services.projector.comparing.checksums import Tell
from services.projector.comparing.merging import Differs, Hashed, Key, Where, differing
from services.projector.comparing.pieces import pieces
from services.projector.comparing.sides import STATEMENT_S, Side, both

_SQL = load_queries("services.projector.comparing")
_AT_ONCE = 2000


class Walked(NamedTuple):
    """What differs in one table."""

    number: int
    first: tuple[RowDifference, ...]


class Walk(NamedTuple):
    """A table whose rows are compared one by one: its name, the columns that count, and which rows do on each side.

    Where there is no key, the text of the whole row is one, and a row that both have differs in how often it is there.
    """

    table: str
    key: tuple[Column, ...]
    columns: tuple[Column, ...]
    rows_here: str
    rows_there: str

    async def over(self, here: Side, there: Side, buckets: bytes, *, most: int, tell: Tell) -> Walked:
        """Count what differs in `buckets`, and describe the first `most` rows in the order of their keys."""
        first: list[Differs] = []
        number = 0
        async with (
            aclosing(self._hashes(here, self.rows_here, buckets, tell)) as one,
            aclosing(self._hashes(there, self.rows_there, buckets, tell)) as other,
        ):
            async for row in differing(one, other):
                number += 1
                if len(first) < most:
                    first.append(row)
        return Walked(number, await self._described(here, there, first))

    async def _hashes(
        self, side: Side, rows: str, buckets: bytes, tell: Tell
    ) -> AsyncGenerator[Hashed, None]:
        told = pieces(self.key, self.columns, side.schema, self.table, rows=rows)
        query = _SQL["hashes"].format_map(told)
        cursor = await side.connection.cursor(query, buckets, timeout=STATEMENT_S)
        while found := await cursor.fetch(_AT_ONCE, timeout=STATEMENT_S):
            for row in found:
                *key, hashed = row
                yield Hashed(tuple(key), hashed)
            tell(len(found))

    async def _described(self, here: Side, there: Side, rows: Sequence[Differs]) -> tuple[RowDifference, ...]:
        if not self.key:
            return tuple(row_difference(("row",), row.key, row.where) for row in rows)
        keys = [row.key for row in rows if row.where is Where.BOTH]
        ours, theirs = await both(self._values(here, keys), self._values(there, keys))
        names = [column.name for column in self.key]
        columns = [column.name for column in self.columns]
        pairs = iter(zip(ours, theirs, strict=True))
        return tuple(
            row_difference(names, row.key, row.where, columns, *next(pairs))
            if row.where is Where.BOTH
            else row_difference(names, row.key, row.where)
            for row in rows
        )

    async def _values(self, side: Side, keys: Sequence[Key]) -> list[list[Value]]:
        """The values of the rows with these keys, in the order of `keys`; all of them are there."""
        if not keys:
            return []
        query = _SQL["cells"].format_map(pieces(self.key, self.columns, side.schema, self.table))
        asked = [[str(part) for part in parts] for parts in zip(*keys, strict=True)]
        found = await side.connection.fetch(query, *asked, timeout=STATEMENT_S)
        return [
            [Value(*pair) for pair in zip(row[1::2], row[2::2], strict=True)]
            for row in sorted(found, key=lambda row: row["place"])
        ]
