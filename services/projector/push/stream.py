"""What one reader has yet to be sent. It never grows: who is too slow is told to read again."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from services.projector.push.events import Told

MOST_ROW_EVENTS = 16
"""Row events that wait for a reader; one more, and they are all replaced by a reset."""


class Stream:
    """At most one status, the newest, and a few row events. Row events go first: the status says what they led to."""

    def __init__(self, *, clock: Callable[[], float], retry_ms: int) -> None:
        """Prepare.

        Args:
            clock: seconds that never go back.
            retry_ms: how long the client shall wait before it connects again.
        """
        self._clock = clock
        self._head: bytes | None = b"retry: %d\n\n" % retry_ms
        self._rows: deque[bytes] = deque()
        self._told: Told | None = None
        self._last: Told | None = None
        self._reset = False
        self._ended = False
        self._ready = asyncio.Event()
        self._sending_since: float | None = None

    @property
    def sending_for(self) -> float:
        """Seconds for which the reader has not taken what it was last given."""
        return 0.0 if self._sending_since is None else self._clock() - self._sending_since

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self._ended

    def rows(self, event: bytes) -> None:
        """Changed rows; the status that follows from them must be told right after."""
        if self._reset:
            return
        if len(self._rows) == MOST_ROW_EVENTS:
            self.reset()
        else:
            self._rows.append(event)
        self._ready.set()

    def status(self, told: Told) -> None:
        """The status; an older one than was told already is left out."""
        if self._last is not None and told.tag.older_than(self._last.tag):
            return
        self._told = self._last = told
        self._ready.set()

    def reset(self) -> None:
        """The reader has missed something: the next it is sent says so, with the newest status."""
        self._rows.clear()
        self._reset = True
        self._told = self._last
        self._ready.set()

    def end(self) -> None:
        """Send a reset, and no more."""
        self.reset()
        self.drop()

    def drop(self) -> None:
        """Send what is waiting, and no more."""
        self._ended = True
        self._ready.set()

    async def pieces(self) -> AsyncIterator[bytes]:
        """What to send, as it comes."""
        while True:
            piece = self._next()
            if piece is not None:
                self._sending_since = self._clock()
                yield piece
                self._sending_since = None
            elif self._ended:
                return
            else:
                self._ready.clear()
                await self._ready.wait()

    def _next(self) -> bytes | None:
        """All that is waiting, as one piece: each piece costs the server a call of the system."""
        waiting = [] if self._head is None else [self._head]
        self._head = None
        waiting += self._rows
        self._rows.clear()
        if self._told is not None:
            waiting.append(self._told.reset if self._reset else self._told.status)
            self._told, self._reset = None, False
        return b"".join(waiting) if len(waiting) > 1 else next(iter(waiting), None)
