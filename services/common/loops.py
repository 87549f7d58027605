"""Loops that outlive a database or a network that is away for a while; anything else ends them, loudly."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

import structlog

from services.common.database import MISTAKES, OPERATIONAL_ERRORS

logger = structlog.get_logger(__name__)

_FIRST_S = 0.1
_LONGEST_S = 5.0


async def patiently(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Run `step` until it succeeds; operational errors are waited out, with jittered back-off."""
    delay = _FIRST_S
    while True:
        try:
            await step()
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS as error:
            logger.warning("step_failed", step=name, error=type(error).__name__, retry_in_s=round(delay, 2))
            await asyncio.sleep(delay * (0.5 + random.random() / 2))  # noqa: S311 - spreads retries
            delay = min(_LONGEST_S, delay * 2)
        else:
            return


async def forever(name: str, step: Callable[[], Awaitable[None]], *, every_s: float = 0.0) -> None:
    """Run `step` for ever, with `every_s` seconds between; as patient as `patiently`."""
    while True:
        await patiently(name, step)
        await asyncio.sleep(every_s)


async def while_woken(
    name: str, step: Callable[[], Awaitable[bool]], wake: asyncio.Event, *, look_every_s: float
) -> None:
    """Run `step` for ever: again at once while it says that there is more, else when woken or after a while.

    Operational errors are waited out like an idle round; anything else ends the loop.
    """
    while True:
        more = False
        try:
            more = await step()
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS as error:
            logger.warning("step_failed", step=name, error=type(error).__name__, retry_in_s=look_every_s)
        if not more:
            await woken(wake, within_s=look_every_s)


async def woken(wake: asyncio.Event, *, within_s: float) -> None:
    """Wait until woken, or for `within_s` seconds; either way the next call waits again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await wake.wait()
    wake.clear()
