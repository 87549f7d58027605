"""A set: the tables of all read models, in one Postgres schema, at one version.

Table names are never qualified, so that the connections' search_path decides which set is meant: a second set
can be built in another schema from the same code.
"""

import hashlib
from collections.abc import Sequence
from importlib import resources

from services.common.database import Connection, Pool, transaction
from services.common.errors import CannotStart
from services.common.sql import load_queries
from services.projector.core.model import ReadModel

_SQL = load_queries("services.projector.core")
_OWN = "services.projector.core"
_OWN_VERSION = 1


class SetOutdated(CannotStart):
    """The tables were made by another version of the read models: build them anew from the log."""


async def ensure_set(pool: Pool, models: Sequence[ReadModel], *, schema: str) -> bool:
    """Make the tables of the set in the schema of `pool`'s connections, unless they are there; all or nothing.

    Returns whether they were made now. Copies that start together make them once.

    Raises:
        SetOutdated: tables of another version are there.
    """
    wanted = {"core": (_OWN_VERSION, _digest(_OWN))} | {
        model.name: (model.version, _digest(model.package)) for model in models
    }
    async with transaction(pool) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"set {schema}")
        if await connection.fetchval(_SQL["set_exists"]):
            found = {
                row["model"]: (row["version"], row["tables_sha256"])
                for row in await connection.fetch(_SQL["set_models"])
            }
            if found != wanted:
                differ = sorted(
                    name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)
                )
                raise SetOutdated(
                    f"The tables in schema {schema} were made by another version of {', '.join(differ)}. "
                    "Drop the schema's tables and start again: they are built anew from the log."
                )
            return False
        await _make(connection, models)
        await connection.executemany(_SQL["add_set_model"], [(name, *what) for name, what in wanted.items()])
    return True


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
