"""A comparison as JSON. Cells may name people: for staff, in answers only."""

from typing_extensions import TypedDict

from services.projector.comparing.cells import RowDifference
from services.projector.comparing.result import ComparedTable, Comparison


class CellAnswer(TypedDict):
    """One column of a row; null is NULL, long values are cut to where they differ."""

    column: str
    here: str | None
    there: str | None


class DifferenceAnswer(TypedDict):
    """One row that differs; `where`: here, there, or both with the cells that differ."""

    key: dict[str, int | str]
    where: str
    cells: list[CellAnswer]


class TableAnswer(TypedDict):
    """One table; `expected`: the logic behind it is another one there.

    `checksum`: of the rows here, the same in every installation that has the same rows.
    """

    model: str | None
    table: str
    rows_here: int | None
    rows_there: int | None
    differing: int | None
    equal: bool
    expected: bool
    only_here: list[str]
    only_there: list[str]
    retyped: list[str]
    checksum: str | None
    first: list[DifferenceAnswer]


class InvariantAnswer(TypedDict):
    """One rule of the set there: how many rows break it, and the first of them."""

    model: str
    name: str
    says: str
    broken: int
    first: list[dict[str, str | None]]


class ChangedAnswer(TypedDict):
    """A model of other logic; null where a set does not have it."""

    model: str
    version_here: int | None
    version_there: int | None


class PositionAnswer(TypedDict):
    """The next offset of a partition, in both sets."""

    topic: str
    partition: int
    offset: int


class ComparisonAnswer(TypedDict):
    """Two sets at one place of the log.

    `equal`: every table is the same, row for row. `sound`: nothing differs but tables of changed models, and every
    rule holds in the set there.
    """

    here: str
    there: str
    equal: bool
    sound: bool
    changed: list[ChangedAnswer]
    tables: list[TableAnswer]
    invariants: list[InvariantAnswer]
    positions: list[PositionAnswer]


def answer(comparison: Comparison) -> ComparisonAnswer:
    """All that was found, ready to be JSON."""
    return {
        "here": comparison.here,
        "there": comparison.there,
        "equal": comparison.equal,
        "sound": comparison.sound,
        "changed": [
            {"model": name, "version_here": model.version_here, "version_there": model.version_there}
            for name, model in sorted(comparison.changed.items())
        ],
        "tables": [_table(table, comparison.expected(table)) for table in comparison.tables],
        "invariants": [
            {
                "model": i.model,
                "name": i.name,
                "says": i.says,
                "broken": i.broken,
                "first": list(map(dict, i.first)),
            }
            for i in comparison.invariants
        ],
        "positions": [
            {"topic": partition.topic, "partition": partition.partition, "offset": offset}
            for partition, offset in sorted(comparison.positions.items())
        ],
    }


def _table(table: ComparedTable, expected: bool) -> TableAnswer:
    return {
        "model": table.model,
        "table": table.name,
        "rows_here": table.rows_here,
        "rows_there": table.rows_there,
        "differing": table.differing,
        "equal": table.equal,
        "expected": expected,
        "only_here": list(table.only_here),
        "only_there": list(table.only_there),
        "retyped": list(table.retyped),
        "checksum": table.checksum,
        "first": [_difference(row) for row in table.first],
    }


def _difference(row: RowDifference) -> DifferenceAnswer:
    return {
        "key": dict(row.key),
        "where": row.where,
        "cells": [{"column": cell.column, "here": cell.here, "there": cell.there} for cell in row.cells],
    }
