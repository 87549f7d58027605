"""Trying one thing again until it succeeds, in a task of its own that a newer attempt replaces."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.common.failures import Failures, named, trail

_log = structlog.get_logger(__name__)


def stopping() -> bool:
    """Whether somebody wants this very task to stop; else a CancelledError is only a stray one."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def cancelled(task: asyncio.Task[None] | None) -> None:
    """Stop a task and wait for its end."""
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Recovery:
    """Reads positions again, as often as it takes; `give_up` is told when more tries make no sense."""

    def __init__(
        self,
        attempt: Callable[[], Awaitable[None]],
        *,
        failures: Failures,
        waiting: Callable[[str], None],
        give_up: Callable[[BaseException], None],
    ) -> None:
        self._attempt = attempt
        self._failures = failures
        self._waiting = waiting
        self._give_up = give_up
        self._task: asyncio.Task[None] | None = None

    def begin(self, delay: float) -> None:
        """Try after `delay` seconds; an earlier attempt ends."""
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._run(delay))

    async def end(self) -> None:
        """Try no more."""
        await cancelled(self._task)

    async def _run(self, delay: float) -> None:
        while True:
            await asyncio.sleep(delay)
            try:
                await self._attempt()
            except asyncio.CancelledError:
                if stopping():
                    raise
                error: Exception = RuntimeError("something awaited while reading positions was cancelled")
            except Exception as raised:  # noqa: BLE001 - sorted by Failures
                error = raised
            else:
                return
            again = self._failures.delay_after(error)
            _log.warning("positions_not_read", error=named(error), trail=trail(error), retry_in_s=again)
            if again is None:
                self._give_up(error)
                return
            delay = again
            self._waiting(f"{named(error)} while reading positions")
