"""The body of a request on its way through: counted, never collected."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Literal

from aiohttp import StreamReader


class Body:
    """Streams a request's body and remembers why it ended early.

    `limit` in bytes, `idle` the seconds a client may pause between two pieces; `go_ahead` is called before the first
    piece is read: there is somebody to take it.
    """

    def __init__(
        self, content: StreamReader, *, limit: int, idle: float, go_ahead: Callable[[], None] = lambda: None
    ) -> None:
        self.broken: Literal["too_large", "stalled"] | None = None
        self._content = content
        self._limit = limit
        self._idle = idle
        self._go_ahead = go_ahead

    async def stream(self) -> AsyncIterator[bytes]:
        """The pieces as they come.

        Raises:
            BodyBroken: the body is too large or has stopped; `broken` says which.
        """
        passed = 0
        self._go_ahead()
        while True:
            try:
                async with asyncio.timeout(self._idle):
                    piece = await self._content.readany()
            except TimeoutError:
                self.broken = "stalled"
                raise BodyBroken from None
            if not piece:
                return
            passed += len(piece)
            if passed > self._limit:
                self.broken = "too_large"
                raise BodyBroken
            yield piece


class BodyBroken(Exception):
    """The body cannot be passed on to its end."""
