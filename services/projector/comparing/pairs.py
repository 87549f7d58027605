"""The same table in two sets: what of it can be compared, and the pieces of SQL that do it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.projector.comparing.catalog import Column, Table

BUCKETS = 4096
"""Buckets by which rows are summed; a power of two. A bucket that differs is read row by row."""

_NUMBERS = frozenset({"smallint", "integer", "bigint"})
_LONGEST_CELL = 4_000
"""Characters of a cell that are fetched; its hash covers all of it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A table as it is here and there; None where a set does not have it."""

    name: str
    model: str | None
    here: Table | None
    there: Table | None

    @property
    def common(self) -> tuple[Column, ...]:
        """The columns that both have, by name, so that their places do not matter."""
        if self.here is None or self.there is None:
            return ()
        known = {column.name for column in self.there.columns}
        return tuple(sorted((c for c in self.here.columns if c.name in known), key=lambda c: c.name))

    @property
    def only_here(self) -> tuple[str, ...]:
        """Columns that there is nothing beside."""
        return _without(self.here, self.there)

    @property
    def only_there(self) -> tuple[str, ...]:
        """Columns that here is nothing beside."""
        return _without(self.there, self.here)

    @property
    def retyped(self) -> tuple[str, ...]:
        """Columns of another type there; their texts are compared all the same."""
        if self.here is None or self.there is None:
            return ()
        types = {column.name: column.type for column in self.there.columns}
        return tuple(c.name for c in self.common if types[c.name] != c.type)

    @property
    def by_row(self) -> bool:
        """Whether rows can be paired: both have the table, with the same primary key, or both without one."""
        return self.here is not None and self.there is not None and self.here.key == self.there.key


def pair_up(here: Iterable[Table], there: Iterable[Table]) -> list[Pair]:
    """Every table of either set, by model and name."""
    ours, theirs = {t.name: t for t in here}, {t.name: t for t in there}
    pairs = [
        Pair(name, _model(one, other), one, other)
        for name in ours.keys() | theirs.keys()
        for one, other in [(ours.get(name), theirs.get(name))]
    ]
    return sorted(pairs, key=lambda pair: (pair.model or "", pair.name))


def pieces(key: Sequence[Column], columns: Sequence[Column], schema: str, table: str) -> Mapping[str, str]:
    """What the named queries have holes for. Without a key, rows are told apart by all they say, and counted."""
    numbers = range(len(key))
    row = _row_of(columns)
    return {
        "table": f"{quoted(schema)}.{quoted(table)}",
        "mask": str(BUCKETS - 1),
        "key": _row_of(key) if key else row,
        "row": row,
        "hash": f"hashtextextended({row}, 0)" if key else "count(*)",
        "grouped": "" if key else "GROUP BY 1",
        "order": ", ".join(_ordered(c) for c in key) if key else "1",
        "shown_key": ", ".join(f"{_shown(c)} AS k{n}" for n, c in zip(numbers, key, strict=True))
        if key
        else f'{row} COLLATE "C" AS k0',
        "cells": ", ".join(
            f"left({_of(c)}::text, {_LONGEST_CELL}) AS c{n}, hashtextextended({_of(c)}::text, 0) AS h{n}"
            for n, c in enumerate(columns)
        ),
        "asked": ", ".join(f"${n + 1}::text[]::{c.type}[]" for n, c in zip(numbers, key, strict=True)),
        "names": ", ".join(f"k{n}" for n in numbers),
        "match": " AND ".join(f"{_of(c)} = asked.k{n}" for n, c in zip(numbers, key, strict=True)),
    }


def quoted(name: str) -> str:
    """An identifier, fit to stand in a statement."""
    return '"' + name.replace('"', '""') + '"'


def _model(one: Table | None, other: Table | None) -> str | None:
    return next(
        (table.model for table in (one, other) if table is not None and table.model is not None), None
    )


def _without(one: Table | None, other: Table | None) -> tuple[str, ...]:
    if one is None or other is None:
        return ()
    known = {column.name for column in other.columns}
    return tuple(column.name for column in one.columns if column.name not in known)


def _row_of(columns: Sequence[Column]) -> str:
    return f"ROW({', '.join(_of(c) for c in columns)})::text"


def _of(column: Column) -> str:
    return f"t.{quoted(column.name)}"


def _ordered(column: Column) -> str:
    """An order that Python has as well: numbers by size, all else by code point of its text (a UUID's too)."""
    if column.type in _NUMBERS or column.type == "uuid":
        return _of(column)
    return f'{_of(column)}::text COLLATE "C"'


def _shown(column: Column) -> str:
    return _of(column) if column.type in _NUMBERS else f"{_of(column)}::text"
