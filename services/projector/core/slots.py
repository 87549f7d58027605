"""A slot is the Postgres schema of one set; which one is meant is said for each transaction."""

import re

import asyncpg

from services.common.database import Connection

SET_DROPPED: tuple[type[Exception], ...] = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)
"""What who only looks at a set meets when it was cleaned up a moment ago; who feeds it must fail loudly."""

_SLOT = re.compile(r"[a-z_][a-z0-9_]{0,62}")


async def use(connection: Connection, slot: str) -> None:
    """Mean the tables of `slot` until the transaction ends."""
    await connection.execute(f"SET LOCAL search_path = {checked(slot)}")


def checked(slot: str) -> str:
    """`slot`, fit to stand in a statement.

    Raises:
        ValueError: it is no plain name of a schema.
    """
    if not _SLOT.fullmatch(slot):
        raise ValueError(f"{slot!r} is no schema of ours")
    return slot
