"""The raw database: COPY and upserts of rows that exist already, into empty tables of the same shape."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from services.common.database import Connection

SCHEMA = "bench_floor"
_AT_ONCE = 4_000

_COLUMNS = """
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_attribute AS a
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""
_KEY = """
SELECT a.attname AS name
FROM pg_index AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = $1::regclass AND i.indisprimary
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """An empty table like one of the services', with its rows, and how they are upserted."""

    name: str
    columns: tuple[str, ...]
    insert: str
    upsert: str
    rows: Sequence[tuple[Any, ...]]
    chunks: Sequence[Sequence[Sequence[Any]]]
    """The rows by columns, in the size of a projector's batch."""


async def like(connection: Connection, table: str, rows: Sequence[asyncpg.Record]) -> Shape:
    """Make an empty copy of `table` and prepare `rows`, which were read from it, for COPY and upsert."""
    name = f"{SCHEMA}.{table.rpartition('.')[2]}"
    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    await connection.execute(f"CREATE TABLE IF NOT EXISTS {name} (LIKE {table} INCLUDING ALL)")
    await connection.execute(_with_settings(name, await _settings(connection, table)))
    found = await connection.fetch(_COLUMNS, table)
    columns = tuple(str(column["name"]) for column in found)
    plain = [tuple(row) for row in rows]
    types = [str(column["type"]) for column in found]
    return Shape(
        name,
        columns,
        _insert(name, columns, types),
        _upsert(name, columns, types, await _key(connection, table)),
        plain,
        [
            list(zip(*plain[start : start + _AT_ONCE], strict=True))
            for start in range(0, len(plain), _AT_ONCE)
        ],
    )


async def plain(connection: Connection, table: str, rows: Sequence[asyncpg.Record]) -> Shape:
    """The same for COPY alone."""
    shape = await like(connection, table, [])
    return replace(shape, rows=[tuple(row) for row in rows])


async def empty(connection: Connection, shape: Shape) -> None:
    """Remove all rows."""
    await connection.execute(f"TRUNCATE {shape.name}")


async def copy(connection: Connection, shape: Shape) -> float:
    """COPY all rows; seconds."""
    schema, _, table = shape.name.partition(".")
    began = time.perf_counter()
    await connection.copy_records_to_table(
        table, schema_name=schema, columns=list(shape.columns), records=shape.rows
    )
    return time.perf_counter() - began


async def upsert(connection: Connection, shape: Shape) -> float:
    """Upsert all rows, a batch a transaction; seconds."""
    began = time.perf_counter()
    for chunk in shape.chunks:
        await connection.execute(shape.upsert, *chunk)
    return time.perf_counter() - began


async def insert(connection: Connection, shape: Shape) -> None:
    """Insert all rows, a batch a transaction."""
    for chunk in shape.chunks:
        await connection.execute(shape.insert, *chunk)


async def update(connection: Connection, shape: Shape, key: str, columns: Mapping[str, str]) -> None:
    """Write some columns, given with their types, of all rows again, a batch a transaction."""
    places = [shape.columns.index(name) for name in (key, *columns)]
    names, kinds = [key, *columns], ["uuid", *columns.values()]
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(kinds, 1))
    news = ", ".join(f'"{name}" = n."{name}"' for name in columns)
    statement = (
        f"UPDATE {shape.name} AS t SET {news} FROM unnest({arrays}) AS n ({', '.join(names)}) "  # noqa: S608 - ours
        f"WHERE t.{key} = n.{key}"
    )
    for chunk in shape.chunks:
        await connection.execute(statement, *(chunk[place] for place in places))


async def _key(connection: Connection, table: str) -> list[str]:
    return [str(row["name"]) for row in await connection.fetch(_KEY, table)]


async def _settings(connection: Connection, table: str) -> list[str]:
    found = await connection.fetchval("SELECT reloptions FROM pg_class WHERE oid = $1::regclass", table)
    return list(found or ())


def _with_settings(name: str, settings: Sequence[str]) -> str:
    # LIKE copies everything but the storage parameters.
    return f"ALTER TABLE {name} SET ({', '.join(settings)})" if settings else f"ANALYZE {name}"


def _insert(name: str, columns: Sequence[str], types: Sequence[str]) -> str:
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, 1))
    names = ", ".join(f'"{c}"' for c in columns)
    return f"INSERT INTO {name} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - names of the catalogue


def _upsert(name: str, columns: Sequence[str], types: Sequence[str], key: Sequence[str]) -> str:
    news = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c not in key)
    keys = ", ".join(f'"{c}"' for c in key)
    return f"{_insert(name, columns, types)} ON CONFLICT ({keys}) DO UPDATE SET {news}"
