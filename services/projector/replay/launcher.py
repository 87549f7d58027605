"""Starting a process for each replay that needs one: reading a million records would hold up the live batches."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import structlog

from services.common.database import MISTAKES, OPERATIONAL_ERRORS, Pool
from services.projector.replay import store
from services.projector.replay.handover import sweep
from services.projector.replay.model import State
from services.projector.settings import ProjectorSettings

MODULE = "services.projector.replay"
_LOOK_EVERY_S = 0.5
_MOST_ATTEMPTS = 5
_STOP_WITHIN_S = 5.0

_log = structlog.get_logger(__name__)


class Launcher:
    """Takes over replays that nobody works on, one at a time, each in a process of its own."""

    def __init__(
        self,
        pool: Pool,
        settings: ProjectorSettings,
        *,
        clock: Callable[[], datetime],
        module: str = MODULE,
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._clock = clock
        self._module = module

    async def run(self) -> None:
        """Look for ever; a database that is away is waited for."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                await self.look()
            except MISTAKES:
                raise
            except OPERATIONAL_ERRORS as error:
                _log.warning("replays_not_seen", error=type(error).__name__)

    async def look(self) -> None:
        """Drop what was given up; then work on one replay, if there is any."""
        try:
            await sweep(self._pool)
        except asyncpg.LockNotAvailableError:
            _log.info("set_still_read")
        worker = uuid4()
        claimed = await store.claim(self._pool, worker, now=self._clock())
        if claimed is None:
            return
        if claimed.attempts > _MOST_ATTEMPTS:
            await self._give_up(claimed.replay_id)
            return
        _log.info("replay_begins", replay=str(claimed.replay_id), attempt=claimed.attempts)
        code = await self._process(claimed.replay_id, worker)
        _log.info("replay_process_ended", replay=str(claimed.replay_id), code=code)

    async def _process(self, replay_id: UUID, worker: UUID) -> int:
        arguments = ["-m", self._module, str(replay_id), str(worker)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            env=os.environ | environment(self._settings),
        )
        try:
            return await process.wait()
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                try:
                    async with asyncio.timeout(_STOP_WITHIN_S):
                        await process.wait()
                except TimeoutError:
                    process.kill()

    async def _give_up(self, replay_id: UUID) -> None:
        await store.end(
            self._pool, replay_id, None, State.FAILED, now=self._clock(), code="WORKER_DIED",
            message="The process that builds it ended again and again. The projector's log says why.",
        )  # fmt: skip


def environment(settings: ProjectorSettings) -> dict[str, str]:
    """The settings as a process of the same service reads them; secrets travel in no argument."""
    prefix = str(ProjectorSettings.model_config.get("env_prefix"))
    values = settings.model_dump(exclude_none=True)
    return {f"{prefix}{name.upper()}": _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    secret = getattr(value, "get_secret_value", None)
    return str(secret() if secret is not None else value)
