"""The tasks that take turns as long as there is something to publish, and wait otherwise."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Final

import structlog

from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.common.process import Stuck
from services.importer.metrics import PUBLISH_SECONDS, UNFINISHED_IMPORTS
from services.importer.publishing.turns import Turns

logger = structlog.get_logger(__name__)

POLL_S: Final = 1.0
"""How long a submission taken by another process may wait; our own wake us at once."""
_BACK_OFF_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
_STUCK_S: Final = 120.0


class Publisher:
    """Publishes submitted imports in lanes, each with turns of its own kind."""

    def __init__(self, *lanes: Turns, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._moved = asyncio.Event()
        self._lanes = [_Lane(turns, self._tell, monotonic) for turns in lanes]

    def wake(self) -> None:
        """There may be something to publish."""
        for lane in self._lanes:
            lane.wake.set()

    async def moved(self, within_s: float) -> None:
        """Wait until a turn has ended, or for `within_s`."""
        try:
            async with asyncio.timeout(within_s):
                await self._moved.wait()
        except TimeoutError:
            return

    def runs(self) -> list[Coroutine[None, None, None]]:
        """What publishes for ever, a lane each; raises `ProducerFailed`: then the process must end."""
        return [lane.run() for lane in self._lanes]

    def check(self) -> None:
        """For the watchdog.

        Raises:
            Stuck: a turn has not ended for two minutes; a turn's own waits are bounded by less.
        """
        for lane in self._lanes:
            lane.check()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


class _Lane:
    """Takes one turn after the other; `moved` is told of each."""

    def __init__(self, turns: Turns, moved: Callable[[], None], monotonic: Callable[[], float]) -> None:
        self.wake = asyncio.Event()
        self._turns = turns
        self._moved = moved
        self._monotonic = monotonic
        self._last_end = monotonic()
        self._waiting_for: str | None = None

    async def run(self) -> None:
        """Go on for ever."""
        failures = 0
        while True:
            self.wake.clear()
            try:
                busy = await self._turn()
                failures = 0
                self._waiting_for = None
            except MISTAKES:
                raise
            except OPERATIONAL_ERRORS as error:
                self._waiting_for = type(error).__name__
                logger.warning("publishing_postponed", error=self._waiting_for)
                await asyncio.sleep(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
                failures += 1
                continue
            finally:
                self._last_end = self._monotonic()
            if not busy:
                await self._sleep()

    def check(self) -> None:
        """Raise `Stuck` if no turn has ended for two minutes."""
        silent = self._monotonic() - self._last_end
        if self._waiting_for is None and silent > _STUCK_S:
            raise Stuck(f"no turn of the publisher has ended for {silent:.0f} s")

    async def _turn(self) -> bool:
        started = self._monotonic()
        served = await self._turns.take()
        if served is None:
            UNFINISHED_IMPORTS.set(await self._turns.unfinished())
            return False
        PUBLISH_SECONDS.observe(self._monotonic() - started)
        self._moved()
        return True

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self.wake.wait()
        except TimeoutError:
            return
