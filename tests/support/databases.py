"""A database of its own for each test, copied from a template that is prepared once."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg

Prepare = Callable[[str], Awaitable[None]]
"""Fills a template; is given the superuser's DSN of it. Must close its connections before it returns."""


class Databases:
    """Makes and drops the databases of one server.

    Args:
        admin_dsn: a superuser's.
    """

    def __init__(self, admin_dsn: str) -> None:
        self._admin_dsn = admin_dsn
        self._run = secrets.token_hex(3)
        self._templates: dict[str, str] = {}

    async def template(self, name: str, prepare: Prepare) -> str:
        """Return the name of a database that ``prepare`` has filled; prepared at the first call for ``name``."""
        known = self._templates.get(name)
        if known is None:
            known = f"template_{self._run}_{name}"
            await self._do(f'CREATE DATABASE "{known}"')
            await prepare(self.dsn(known))
            self._templates[name] = known
        return known

    @asynccontextmanager
    async def copy(self, template: str = "template1") -> AsyncIterator[str]:
        """Give the name of a fresh database; drop it afterwards, whoever is still connected."""
        name = f"test_{self._run}_{secrets.token_hex(4)}"
        await self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            await self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def dsn(self, database: str) -> str:
        """Return the superuser's DSN of a database."""
        return with_database(self._admin_dsn, database)

    async def close(self) -> None:
        """Drop the templates."""
        for name in self._templates.values():
            await self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _do(self, statement: str) -> None:
        connection = await asyncpg.connect(self._admin_dsn, timeout=30, command_timeout=60)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def with_database(dsn: str, database: str) -> str:
    """Return the same DSN for another database of the server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))
