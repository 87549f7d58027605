"""The example of docs/how-to/write-a-backend.md: all a rig of your own must have."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from examples.backend_sqlite.course_accounts_sqlite import backend
from services.provisioner.backends import Backend, BackendContext
from tests.contract.backends.rig import Rig


class SqliteRig(Rig):
    """A backend and its file."""

    def __init__(self, backend: Backend, file: Path) -> None:
        super().__init__(backend)
        self._file = file

    async def alive(self, email: str) -> list[str]:
        """By the file."""
        with sqlite3.connect(self._file) as database:
            rows = database.execute("SELECT name FROM account WHERE email = ?", (email,)).fetchall()
        database.close()
        return [name for (name,) in rows]

    async def occupied(self, name: str) -> str | None:
        """Somebody else's row."""
        email = self.email(name)
        with sqlite3.connect(self._file) as database:
            database.execute(
                "INSERT INTO account VALUES ('theirs', 'another', 'python-101', 'key', ?)", (email,)
            )
        database.close()
        return email


@asynccontextmanager
async def rig(folder: Path) -> AsyncIterator[SqliteRig]:
    """A rig over a file of its own."""
    file = folder / "accounts.db"
    async with backend(BackendContext(options={"file": str(file)})) as made:
        yield SqliteRig(made, file)
