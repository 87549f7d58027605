"""Where the tables `parked`, `parked_jobs` and `parked_job_records` are found. A service has them in its schema."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from services.common.database import Connection, Pool, transaction


class Tables(Protocol):
    """Transactions that see the tables, and a way to reach records that are parked in more than one place."""

    def begin(self) -> AbstractAsyncContextManager[Connection]:
        """A connection with an open transaction; waiting for it is bounded."""
        ...

    async def everywhere(self, connection: Connection, statement: str, *arguments: Any) -> None:
        """Change `parked` wherever the same records are kept."""
        ...


class OwnTables:
    """All in the one schema that the connections of the pool mean."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def begin(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction."""
        return transaction(self._pool)

    async def everywhere(self, connection: Connection, statement: str, *arguments: Any) -> None:
        """There is one place only."""
        await connection.execute(statement, *arguments)
