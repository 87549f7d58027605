"""PostgreSQL: pools with a bound on every wait, migrations in order, and which errors may pass."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import TypeAlias

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from services.common.errors import CannotStart

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Database: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record] | asyncpg.Pool[asyncpg.Record]"
)
"""Whatever a query can be sent to."""

ACQUIRE_TIMEOUT_S = 10.0
_STATEMENT_TIMEOUT_S = 30
_MIGRATION = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")

logger = structlog.get_logger(__name__)

OPERATIONAL_ERRORS: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    OSError,
    TimeoutError,
)
"""Errors of the connection or the server's moment: back off and try again. Everything else is a bug.

Catch `MISTAKES` first, and raise them: asyncpg calls them errors of the connection, too.
"""

MISTAKES: tuple[type[Exception], ...] = (
    asyncpg.exceptions._base.DataError,  # noqa: SLF001 - `asyncpg.DataError` is another, the server's
    asyncpg.exceptions._base.ClientConfigurationError,  # noqa: SLF001 - exported under no name
)
"""A value that cannot be sent, a setting that makes no sense: trying again changes nothing."""


class MigrationChanged(CannotStart):
    """A migration that was already applied has another content now: history is not edited, add a new file."""


async def open_pool(dsn: str, *, name: str, size: int, schema: str | None = None) -> Pool:
    """Open a pool of exactly `size` connections, with limits on statements, locks and idle transactions."""
    settings = {
        "application_name": name,
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
        "statement_timeout": f"{_STATEMENT_TIMEOUT_S}s",
    }
    if schema is not None:
        settings["search_path"] = schema
    return await asyncpg.create_pool(
        dsn,
        min_size=size,
        max_size=size,
        command_timeout=_STATEMENT_TIMEOUT_S + 5,
        timeout=ACQUIRE_TIMEOUT_S,
        server_settings=settings,
        max_inactive_connection_lifetime=0,
    )


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A connection with an open transaction; waiting for the connection is bounded.

    Raises:
        TimeoutError: no connection became free in time.
    """
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection, connection.transaction():
        yield connection


async def ping(pool: Pool) -> None:
    """Ask the server for nothing, within two seconds."""
    async with pool.acquire(timeout=2) as connection:
        await connection.execute("SELECT 1", timeout=2)


async def migrate(pool: Pool, *, schema: str, package: str) -> list[str]:
    """Apply the migrations of `package` (`NNNN_name.sql`, in order) that `schema` has not seen, in one transaction.

    An advisory lock makes copies that start together apply each file once. Returns the names applied. The
    search_path of the connections must be `schema`.

    Raises:
        MigrationChanged: a file differs from what was applied.
    """
    files = sorted(
        (entry.name, entry.read_text("utf-8"))
        for entry in resources.files(package).iterdir()
        if _MIGRATION.match(entry.name)
    )
    applied: list[str] = []
    async with transaction(pool) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"migrate {schema}")
        await connection.execute(
            f"""CREATE TABLE IF NOT EXISTS {schema}.migrations (
                name text PRIMARY KEY,
                sha256 text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )"""
        )
        known = {
            row["name"]: row["sha256"]
            for row in await connection.fetch(f"SELECT name, sha256 FROM {schema}.migrations")  # noqa: S608 - ours
        }
        for name, text in files:
            digest = hashlib.sha256(text.encode()).hexdigest()
            if name in known:
                if known[name] != digest:
                    raise MigrationChanged(
                        f"The tables of {schema} were made by another version of {name}. Start that version again, or "
                        "begin with an empty database: nothing that is on the log is lost."
                    )
                continue
            await connection.execute(text)
            await connection.execute(
                f"INSERT INTO {schema}.migrations (name, sha256) VALUES ($1, $2)",  # noqa: S608 - ours
                name,
                digest,
            )
            applied.append(name)
    if applied:
        logger.info("migrations_applied", schema=schema, names=applied)
    return applied
