"""Emptying tables under a service that works on them."""

import asyncpg

from tests.support.waiting import until


async def empty(tables: asyncpg.Connection, names: str) -> None:
    """Empty tables, named as SQL lists them; again where that meets the locks of a service at work."""

    async def emptied() -> bool:
        try:
            await tables.execute(f"TRUNCATE {names}")
        except asyncpg.DeadlockDetectedError:  # the service takes them in an order of its own
            return False
        return True

    await until(emptied, "the tables to be emptied")
