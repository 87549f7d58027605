"""Hold a service at one exact step: just before a row of its own tables is written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.support.waiting import until

_LOCK = 4_711

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION public.hold_here() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN PERFORM pg_advisory_xact_lock_shared({_LOCK}); RETURN new; END$$"""
_WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted)"

_END_HELD = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted"""


@asynccontextmanager
async def held_before(dsn: str, change: str) -> AsyncIterator[None]:
    """Inside, somebody waits in a transaction, about to write; all that came before in it is done.

    Args:
        dsn: a superuser's.
        change: what is about to be written, as `INSERT OR UPDATE ON table FOR EACH ROW WHEN (condition)`.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute(_FUNCTION)
        event, _, rest = change.partition(" ON ")
        table = rest.split()[0]
        await connection.execute(
            f"CREATE TRIGGER hold_here BEFORE {event} ON {rest} EXECUTE FUNCTION public.hold_here()"
        )
        try:
            yield
        finally:
            # Whoever is still held was killed, and its server process does not know: what it was about to write
            # shall not be written after all.
            await connection.execute(_END_HELD, _LOCK)
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
            await connection.execute(f"DROP TRIGGER hold_here ON {table}")
    finally:
        await connection.close()


async def somebody_is_held(tables: asyncpg.Connection) -> None:
    """Wait until a service has come to the step."""

    async def held() -> bool:
        return bool(await tables.fetchval(_WAITING, _LOCK))

    await until(held, "a service to come to the step", within_s=60)
