"""A set: the tables of all read models, in one Postgres schema, at one version.

Table names are never qualified, so that the search_path decides which set is meant: a second set can be built in
another schema from the same code. Which sets there are is another matter (`services.projector.sets`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib import resources

import structlog

from services.common.database import Connection, Pool, transaction
from services.common.errors import CannotStart
from services.common.sql import load_queries
from services.projector.core.model import ReadModel
from services.projector.core.slots import use

_SQL = load_queries("services.projector.core")
_OWN = "services.projector.core"
_OWN_VERSION = 1

_log = structlog.get_logger(__name__)


class Made(StrEnum):
    """How the tables came to be."""

    FOUND = "found"
    NEW = "new"
    ANEW = "anew"  # outdated ones were dropped: the log has to be read again


class SetOutdated(CannotStart):
    """The tables were made by another version of the read models: build them anew from the log."""


async def ensure_set(
    pool: Pool,
    models: Sequence[ReadModel],
    *,
    schema: str,
    rebuild_outdated: bool = False,
    anew: bool = False,
) -> Made:
    """Make the tables of a set in `schema`, unless they are there; all or nothing.

    Copies that start together make them once.

    Args:
        pool: connections of the schema's owner.
        models: what the set consists of.
        schema: where.
        rebuild_outdated: drop tables of another version and make them anew, instead of refusing.
        anew: drop what is there in any case.

    Raises:
        SetOutdated: tables of another version are there.
    """
    wanted = _made_for(models)
    async with transaction(pool) as connection:
        await use(connection, schema)
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"set {schema}")
        there = await connection.fetchval(_SQL["set_exists"])
        differ = await _differ(connection, wanted) if there else []
        if there and not differ and not anew:
            return Made.FOUND
        if there and not differ:
            await _drop(connection)
        if differ:
            if not rebuild_outdated:
                raise SetOutdated(
                    f"The tables in schema {schema} were made by another version of {', '.join(differ)}. "
                    "Drop the schema's tables and start again, or set REBUILD_OUTDATED: they are built anew from "
                    "the log, and nothing is lost."
                )
            _log.warning("outdated_tables_dropped", schema=schema, models=differ)
            await _drop(connection)
        await _make(connection, models)
        await connection.executemany(_SQL["add_set_model"], [(name, *what) for name, what in wanted.items()])
    return Made.ANEW if differ else Made.NEW


async def is_current(pool: Pool, models: Sequence[ReadModel], *, schema: str) -> bool:
    """Whether `schema` holds tables of exactly these models."""
    async with transaction(pool) as connection:
        await use(connection, schema)
        there = await connection.fetchval(_SQL["set_exists"])
        return bool(there) and not await _differ(connection, _made_for(models))


async def drop_set(pool: Pool, *, schema: str) -> None:
    """Drop every table of a set that nobody uses any more.

    Raises:
        asyncpg.LockNotAvailableError: somebody still reads it; try again.
    """
    async with transaction(pool) as connection:
        await use(connection, schema)
        await connection.execute("SET LOCAL lock_timeout = '200ms'")
        await _drop(connection)


def _made_for(models: Sequence[ReadModel]) -> dict[str, tuple[int, str]]:
    """What `set_models` says of the tables of `models`."""
    return {"core": (_OWN_VERSION, _digest(_OWN))} | {
        model.name: (model.version, _digest(model.package)) for model in models
    }


async def _differ(connection: Connection, wanted: Mapping[str, tuple[int, str]]) -> list[str]:
    """The models whose tables are not the wanted ones."""
    found = {
        row["model"]: (row["version"], row["tables_sha256"])
        for row in await connection.fetch(_SQL["set_models"])
    }
    return sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))


async def _drop(connection: Connection) -> None:
    """Drop every table and view of the schema in use: all of it is read from the log again."""
    for row in await connection.fetch(_SQL["set_tables"]):
        await connection.execute(f"DROP {row['kind']} IF EXISTS {row['name']} CASCADE")


async def _make(connection: Connection, models: Sequence[ReadModel]) -> None:
    await connection.execute(_tables(_OWN))
    for model in models:
        await connection.execute(_tables(model.package))
        if model.seed is not None:
            await model.seed(connection)


def _tables(package: str) -> str:
    return resources.files(package).joinpath("tables.sql").read_text("utf-8")


def _digest(package: str) -> str:
    return hashlib.sha256(_tables(package).encode()).hexdigest()
