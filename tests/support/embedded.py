"""The embedded servers in throw-away folders."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from deploy.embedded.kafka import KafkaServer
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper

_READY_WITHIN = 150.0
"""Seconds a server may take to start; others start theirs at the same time, on a machine that may be slow."""


@contextmanager
def throwaway_folder(warden: Reaper) -> Iterator[Path]:
    """Give a folder that is removed afterwards, even if this process is killed."""
    folder = Path(tempfile.mkdtemp(prefix="course-accounts-test-"))
    # Under root PostgreSQL runs as another user, who goes through this folder to its own.
    folder.chmod(0o711)
    warden.throw_away(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def kafka(warden: Reaper) -> AsyncIterator[str]:
    """Run a broker in a throw-away folder."""
    with throwaway_folder(warden) as folder:
        server = KafkaServer(folder, warden, ready_within=_READY_WITHIN, stop_within=2)
        await server.start()
        try:
            yield server.bootstrap
        finally:
            await server.stop()


@asynccontextmanager
async def postgres(warden: Reaper) -> AsyncIterator[str]:
    """Run a PostgreSQL server in a throw-away folder."""
    with throwaway_folder(warden) as folder:
        server = PostgresServer(folder, warden, stop_within=2)
        await server.start()
        # Elsewhere, if the temporary folder is private to us.
        warden.throw_away(folder / "place")
        try:
            yield server.dsn
        finally:
            await server.stop()
            discard(folder)
