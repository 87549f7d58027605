"""The Kafka of an installation on this machine that does not run: started by itself, and stopped again."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.archive.errors import ArchiveError
from deploy.embedded.errors import StackError
from deploy.embedded.instance import AlreadyRunning, make_home, only_here
from deploy.embedded.kafka import KafkaServer
from deploy.embedded.paths import make_dir
from deploy.embedded.reaper import Reaper

_STOPS_WITHIN = 10.0


@asynccontextmanager
async def kafka_of(home: Path, say: Callable[[str], None]) -> AsyncIterator[str]:
    """The address of the Kafka with its data in the data directory `home`, which nobody else uses meanwhile.

    Args:
        home: the data directory of `course-accounts up`; made if missing.
        say: is told in a sentence what takes a while.

    Raises:
        ArchiveError: the installation runs, or Kafka cannot be started.
    """
    try:
        make_home(home, as_root=os.geteuid() == 0)
        with only_here(home):
            warden = Reaper()
            try:
                make_dir(home / "kafka", 0o700)
                server = KafkaServer(home / "kafka", warden, stop_within=_STOPS_WITHIN, progress=say)
                await server.start()
                try:
                    yield server.bootstrap
                finally:
                    await server.stop()
            finally:
                await asyncio.to_thread(warden.close)
    except AlreadyRunning as error:
        raise ArchiveError(
            "INSTALLATION_RUNNING",
            f"The installation in {home} is running.",
            "Stop it first: nothing else may write meanwhile.",
        ) from error
    except StackError as error:
        raise ArchiveError(error.code, error.sentence, error.hint) from error
