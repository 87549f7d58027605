"""Waiting for progress that only the outside shows: a table, a page, a file."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], what: str, *, within_s: float = 30.0) -> None:
    """Ask again and again until `condition` holds.

    Raises:
        AssertionError: it did not within `within_s` seconds; `what` says what was waited for.
    """
    deadline = time.monotonic() + within_s
    while not await condition():
        assert time.monotonic() < deadline, f"waited {within_s} s for {what}"
        await asyncio.sleep(0.02)
