"""A backend in an evening: accounts are rows of an SQLite file. See docs/how-to/write-a-backend.md."""

import asyncio
import sqlite3

from services.provisioner import backends as b

MAKE = "CREATE TABLE IF NOT EXISTS account (name, owner, scope, key, email, UNIQUE (email, scope))"
ADD = "INSERT INTO account VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET key = key RETURNING *"


class Options(b.BackendOptions):
    """What the operator says: `{"file": "accounts.db"}`."""

    file: str


class SqliteBackend(b.SimpleBackend):
    """A statement that fails has had no effect, so nothing is ever unknown here."""

    capabilities = b.Capabilities(look_up=True, keys=True)

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._database.execute(MAKE)

    async def stop(self) -> None:
        """Let go of the file."""
        self._database.close()

    async def _rows(self, sql: str, *values: str) -> list[b.FoundAccount] | b.NotSent:
        try:  # in a thread: nobody else shall wait for the disk
            rows = await asyncio.to_thread(lambda: self._database.execute(sql, values).fetchall())
        except sqlite3.OperationalError:  # locked for too long, or the disk is full
            return b.NotSent(b.NotSentCause.UNAVAILABLE)
        return [b.FoundAccount(*row[:4]) for row in rows]

    async def create(self, request: b.CreateRequest) -> b.CreateResult:
        """Add a row; of one that is there already, the key says whether this request made it."""
        o, key = request.order, request.idempotency_key
        there = await self._rows(ADD, f"{o.scope}-{key[:13]}", o.owner, o.scope, key, o.email)
        if isinstance(there, b.NotSent):
            return there
        return b.Created(there[0].username) if there[0].idempotency_key == key else b.Exists(there[0])

    async def look_up(self, email: str, scope: str) -> b.LookUpResult:
        """Find the row of an address in a course."""
        there = await self._rows("SELECT * FROM account WHERE (email, scope) = (?, ?)", email.lower(), scope)
        return there if isinstance(there, b.NotSent) else b.Found(there[0]) if there else b.Absent()

    async def close(self, username: str) -> b.CloseResult:
        """Delete the row."""
        gone = await self._rows("DELETE FROM account WHERE name = ? RETURNING *", username)
        return gone if isinstance(gone, b.NotSent) else b.Closed(already=not gone)


def backend(context: b.BackendContext) -> SqliteBackend:
    """What the entry point names."""
    return SqliteBackend(context.read(Options).file)
