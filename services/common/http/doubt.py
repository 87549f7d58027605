"""Looking up what comes from an address of many wrong tokens: others may share it, so what is good still gets in."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from services.common.access import Principal

_AT_ONCE: Final = 2
_WITHIN_S: Final = 5.0
_REMEMBER_S: Final = 5.0
_MOST: Final = 10_000


class Doubt:
    """Few look-ups at a time, and none of what was wrong a moment ago: a flood must not take the database."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._wrong: dict[bytes, float] = {}

    async def look_up(self, secret: str, find: Callable[[], Awaitable[Principal | None]]) -> Principal | None:
        """Whose secret it is, as `find` says; None: nobody's.

        Raises:
            TimeoutError: it was not found out in time.
        """
        digest = hashlib.sha256(secret.encode()).digest()
        if self._wrong.get(digest, 0.0) > self._clock():
            return None
        async with asyncio.timeout(_WITHIN_S), self._turns:
            principal = await find()
        if principal is None:
            if len(self._wrong) >= _MOST:
                self._wrong.clear()
            self._wrong[digest] = self._clock() + _REMEMBER_S
        return principal
