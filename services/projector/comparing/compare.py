"""Comparing two sets: positions, then every table by sums and, where they differ, by rows, then the rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from services.common.sql import load_queries
from services.projector.comparing.catalog import Table, describe
from services.projector.comparing.checksums import Tell, checksum, checksums, differing_buckets, rows_in
from services.projector.comparing.invariants import check_invariants
from services.projector.comparing.pairs import Pair, pair_up
from services.projector.comparing.pieces import quoted
from services.projector.comparing.result import ChangedModel, ComparedTable, Comparison
from services.projector.comparing.sides import (
    STATEMENT_S,
    Made,
    Side,
    both,
    check_positions,
    made_for,
    positions_of,
    settle,
)
from services.projector.comparing.walking import Walk, Walked

_SQL = load_queries("services.projector.comparing")
MOST_ROWS = 20
"""Differing rows of one table that are described."""


class Progress(NamedTuple):
    """How far a comparison is: the table in hand, and the rows of all tables read so far, in both sets together."""

    table: str
    rows: int


Report = Callable[[Progress], None]


class Comparing:
    """One comparison of two sets.

    Args:
        here: the set that is read.
        there: the other one, whose rules are asked.
        most: differing rows described for each table.
        report: is told about every second how far it is.
    """

    def __init__(
        self, here: Side, there: Side, *, most: int = MOST_ROWS, report: Report = lambda _: None
    ) -> None:
        self._here = here
        self._there = there
        self._most = most
        self._report = report
        self._rows = 0

    async def run(self) -> Comparison:
        """Compare all tables.

        Raises:
            PositionsDiffer: the sets are not at the same place of the log.
            NotComparable: a side is not read in a snapshot.
        """
        here, there = self._here, self._there
        await both(settle(here), settle(there))
        ours, theirs = await both(positions_of(here), positions_of(there))
        check_positions(ours, theirs)
        changed = changed_models(*await both(made_for(here), made_for(there)))
        tables = await both(
            describe(here.connection, here.schema, here.models),
            describe(there.connection, there.schema, there.models),
        )
        compared = tuple([await self._compare(pair) for pair in pair_up(*tables)])
        invariants = await check_invariants(there)
        return Comparison(here.schema, there.schema, ours, changed, compared, invariants)

    async def _compare(self, pair: Pair) -> ComparedTable:
        tell = self._teller(pair.name)
        if not pair.by_row or pair.here is None or pair.there is None:
            rows = await both(self._count(self._here, pair.here), self._count(self._there, pair.there))
            return self._compared(pair, rows, None)
        key, common = pair.here.key, pair.common
        ours, theirs = await both(
            checksums(self._here, pair.here, key, common, tell),
            checksums(self._there, pair.there, key, common, tell),
        )
        walked = Walked(0, ())
        if buckets := differing_buckets(ours, theirs):
            walk = Walk(pair.name, key, common, pair.here.rows, pair.there.rows)
            walked = await walk.over(self._here, self._there, buckets, most=self._most, tell=tell)
        compared = self._compared(pair, (rows_in(ours), rows_in(theirs)), walked)
        return replace(compared, checksum=checksum(ours))

    def _compared(
        self, pair: Pair, rows: tuple[int | None, int | None], walked: Walked | None
    ) -> ComparedTable:
        return ComparedTable(
            pair.model,
            pair.name,
            *rows,
            None if walked is None else walked.number,
            () if walked is None else walked.first,
            pair.only_here,
            pair.only_there,
            pair.retyped,
        )

    async def _count(self, side: Side, table: Table | None) -> int | None:
        if table is None:
            return None
        name = f"{quoted(side.schema)}.{quoted(table.name)}"
        number = await side.connection.fetchval(
            _SQL["count"].format(table=name, rows=table.rows), timeout=STATEMENT_S
        )
        return int(number)

    def _teller(self, table: str) -> Tell:
        def tell(rows: int) -> None:
            self._rows += rows
            self._report(Progress(table, self._rows))

        tell(0)
        return tell


def changed_models(here: Mapping[str, Made], there: Mapping[str, Made]) -> dict[str, ChangedModel]:
    """The models whose tables were made by other logic there, or by other SQL."""
    return {
        name: ChangedModel(_version(here.get(name)), _version(there.get(name)))
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name)
    }


def _version(made: Made | None) -> int | None:
    return None if made is None else made.version
