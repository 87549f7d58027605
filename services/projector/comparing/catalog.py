"""Which tables a set has, as the catalog of Postgres says; and which read model each belongs to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.core.model import ReadModel

_SQL = load_queries("services.projector.comparing")
_CREATE = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)

CORE = "core"
"""The name under which a set counts the tables that belong to no read model (`set_models`)."""

_CORE_PACKAGE = "services.projector.core"
_FROM_THE_LOG = {
    "parked": frozenset(
        {
            "topic",
            "partition",
            "record_offset",
            "key",
            "headers",
            "value",
            "code",
            "reason",
            "written_at",
        }
    )
}
"""Of the core tables, what the log alone says; the rest is when we did what, and what people did since."""
_ROWS = {"parked": "t.state <> 'redriven'"}
"""Of a core table, the rows that the log alone makes. A set built anew reads what was redriven, and has no such row;
what was dropped is parked there again."""
_EVERY_ROW = "true"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its type, as `CREATE TABLE` would name it."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what is compared of it; `model` is None where no model known here makes it.

    `key` are the columns of its primary key in their order; empty: it has none. `rows` is the condition of the rows
    that are compared.
    """

    name: str
    model: str | None
    key: tuple[Column, ...]
    columns: tuple[Column, ...]
    blocks: int
    rows: str = _EVERY_ROW


async def describe(connection: Connection, schema: str, models: Sequence[ReadModel]) -> list[Table]:
    """The tables of the set in `schema` that follow from the log, by name."""
    owners = owners_of(models)
    transient = {model.name for model in models if model.transient}
    found: dict[str, list[Any]] = {}
    for row in await connection.fetch(_SQL["columns"], schema):
        found.setdefault(row["table_name"], []).append(row)
    return [
        _table(name, owners.get(name), columns)
        for name, columns in found.items()
        if owners.get(name) not in transient and (owners.get(name) != CORE or name in _FROM_THE_LOG)
    ]


def owners_of(models: Iterable[ReadModel]) -> dict[str, str]:
    """The model behind each table, as the `tables.sql` of the packages say."""
    packages = [(CORE, _CORE_PACKAGE), *((model.name, model.package) for model in models)]
    return {
        table: name
        for name, package in packages
        for table in tables_in(resources.files(package).joinpath("tables.sql").read_text("utf-8"))
    }


def tables_in(text: str) -> list[str]:
    """The tables that a `tables.sql` makes."""
    return _CREATE.findall(text)


def _table(name: str, model: str | None, rows: Sequence[Any]) -> Table:
    told = _FROM_THE_LOG.get(name) if model == CORE else None
    columns = {row["name"]: Column(row["name"], row["type"]) for row in rows}
    places = sorted((row["key_place"], row["name"]) for row in rows if row["key_place"] is not None)
    return Table(
        name,
        model,
        tuple(columns[column] for _, column in places),
        tuple(c for c in columns.values() if told is None or c.name in told),
        rows[0]["blocks"],
        _ROWS.get(name, _EVERY_ROW) if model == CORE else _EVERY_ROW,
    )
