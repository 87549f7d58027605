"""What the named queries have holes for: pieces of SQL made of the names and types of columns. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from services.projector.comparing.catalog import Column

BUCKETS = 4096
"""Buckets by which rows are summed; a power of two. A bucket that differs is read row by row."""

_NUMBERS = frozenset({"smallint", "integer", "bigint"})
_HASHED = _NUMBERS | {
    "uuid",
    "text",
    "boolean",
    "bytea",
    "date",
    "timestamp with time zone",
    "double precision",
    "integer[]",
    "text[]",
}
"""Types whose values are hashed as they are, in less than half the time that their texts take."""
_LONGEST_CELL = 4_000
"""Characters of a cell that are fetched; its hash covers all of it."""


def pieces(
    key: Sequence[Column], columns: Sequence[Column], schema: str, table: str, *, rows: str = "true"
) -> Mapping[str, str]:
    """The pieces for one table. Without a key, rows are told apart by all they say, and counted.

    `rows` is a condition: which of them count; the table is `t` there.

    A row's hash begins with that of its key: cells that two rows have exchanged do not cancel each other out in a sum.
    """
    key_hash = f"hash_record_extended({_row(map(_hashed, key or columns))}, 0)"
    row_hash = f"hash_record_extended({_row(map(_hashed, columns))}, {key_hash})"
    return {
        "table": f"{quoted(schema)}.{quoted(table)}",
        "bucket": f"({key_hash} & {BUCKETS - 1})",
        "row_hash": row_hash,
        "rows": rows,
        **(_by_key(key, row_hash) if key else _by_all(columns)),
        "cells": ", ".join(
            f"left({_of(c)}::text, {_LONGEST_CELL}) AS c{n}, hashtextextended({_of(c)}::text, 0) AS h{n}"
            for n, c in enumerate(columns)
        ),
        "asked": ", ".join(f"${n}::text[]::{c.type}[]" for n, c in enumerate(key, start=1)),
        "names": ", ".join(f"k{n}" for n, _ in enumerate(key)),
        "match": " AND ".join(f"{_of(c)} = asked.k{n}" for n, c in enumerate(key)),
    }


def quoted(name: str) -> str:
    """An identifier, fit to stand in a statement."""
    return '"' + name.replace('"', '""') + '"'


def _by_key(key: Sequence[Column], row_hash: str) -> Mapping[str, str]:
    return {
        "shown_key": ", ".join(f"{_shown(c)} AS k{n}" for n, c in enumerate(key)),
        "told": row_hash,
        "grouped": "",
        "order": ", ".join(map(_ordered, key)),
    }


def _by_all(columns: Sequence[Column]) -> Mapping[str, str]:
    text = f'{_row(map(_of, columns))}::text COLLATE "C"'
    return {"shown_key": f"{text} AS k0", "told": "count(*)", "grouped": "GROUP BY 1", "order": "1"}


def _row(cells: Iterable[str]) -> str:
    return f"ROW({', '.join(cells)})"


def _of(column: Column) -> str:
    return f"t.{quoted(column.name)}"


def _hashed(column: Column) -> str:
    return _of(column) if column.type in _HASHED else f"{_of(column)}::text"


def _ordered(column: Column) -> str:
    """An order that Python has as well: numbers by size, all else by code point of its text (a UUID's too)."""
    if column.type in _NUMBERS or column.type == "uuid":
        return _of(column)
    return f'{_of(column)}::text COLLATE "C"'


def _shown(column: Column) -> str:
    return _of(column) if column.type in _NUMBERS else f"{_of(column)}::text"
