"""The life of a process that works on one replay."""

import asyncio
import gc
import os
import signal
import sys
from datetime import UTC, datetime
from typing import NoReturn
from uuid import UUID

import structlog

from services.common.database import open_pool
from services.common.logging import configure_logging
from services.projector.replay.task import Task
from services.projector.replay.worker import work
from services.projector.sets.feeding import Editions
from services.projector.settings import ProjectorSettings

_CONNECTIONS = 4
_LOOK_EVERY_S = 0.5
_EXIT_STOPPED_LOUDLY = 70


def run(replay_id: UUID, worker: UUID, editions: Editions) -> NoReturn:
    """Work until it is done, cancelled, or nobody is there any more who started us. Exit codes: 0, or 70 for a bug."""
    settings = ProjectorSettings.load()
    configure_logging("projector-replay", log_format=settings.log_format, level=settings.log_level)
    gc.freeze()
    # What is folded stays until it is written: looking through it for cycles finds nothing.
    gc.set_threshold(1_000_000, 20, 20)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_run(settings, replay_id, worker, editions))
    except Exception:  # noqa: BLE001 - a bug: said once, loudly
        structlog.get_logger(__name__).exception("stopped_loudly", replay=str(replay_id))
        sys.exit(_EXIT_STOPPED_LOUDLY)
    sys.exit(0)


async def _run(settings: ProjectorSettings, replay_id: UUID, worker: UUID, editions: Editions) -> None:
    parent = os.getppid()
    dsn = settings.postgres.get_secret_value()
    async with await open_pool(
        dsn, name="projector-replay", size=_CONNECTIONS, schema=settings.tables
    ) as pool:
        task = Task(pool, settings, editions, worker, lambda: datetime.now(UTC))
        working = asyncio.create_task(work(task, replay_id))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        orphaned = asyncio.create_task(_orphaned(parent))
        done, _ = await asyncio.wait({working, orphaned}, return_when=asyncio.FIRST_COMPLETED)
        orphaned.cancel()
        if working in done and not working.cancelled():
            working.result()
            return
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _orphaned(parent: int) -> None:
    """Wait until the process that started us is gone: nobody would stop us, and somebody else takes the work over."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(_LOOK_EVERY_S)


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop  # type: ignore[return-value]
