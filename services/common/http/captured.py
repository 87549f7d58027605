"""An answer that is held until it has been kept; a long one passes."""

from collections.abc import Sequence
from typing import Final

from starlette.types import Message, Send

_MOST_HELD: Final = 4 * 1024 * 1024
_NOT_KEPT: Final = frozenset({"content-length", "set-cookie", "date", "connection"})


class Captured:
    """Takes the messages of one answer. Bytes are held up to a bound, then they go out as they come."""

    def __init__(self, send: Send, *, most_held: int = _MOST_HELD) -> None:
        self._send = send
        self._most = most_held
        self._held: list[Message] = []
        self._bytes = 0
        self._passing = False
        self._start: Message | None = None
        self._complete = False

    async def send(self, message: Message) -> None:
        """The next message."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._bytes += len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
        if self._passing:
            await self._send(message)
            return
        self._held.append(message)
        if self._bytes > self._most:
            await self.let_go()

    async def let_go(self) -> None:
        """Send what is held, and from now on everything at once."""
        self._passing = True
        held, self._held = self._held, []
        for message in held:
            await self._send(message)

    @property
    def status(self) -> int | None:
        """Of an answer that is whole; None if it is not."""
        return None if self._start is None or not self._complete else int(self._start["status"])

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """Those that belong to the answer and not to the connection or the person."""
        raw = () if self._start is None else self._start.get("headers", ())
        named = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw]
        return [(name, value) for name, value in named if name not in _NOT_KEPT]

    @property
    def content(self) -> bytes | None:
        """The body; None if it was too long to be held."""
        if self._passing:
            return None
        return b"".join(message.get("body", b"") for message in self._held)
