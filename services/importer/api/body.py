"""A request's body as it arrives, and how to answer while it still does."""

from collections.abc import AsyncIterator

from fastapi import Request


class BrokenOff(Exception):
    """The client went away in the middle of its body."""


class Body:
    """Chunks of a body; may be stopped and taken up again."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._expected = "expect" in request.headers
        self._complete = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """What has not been read yet.

        Raises:
            BrokenOff: the client is gone.
        """
        while not self._complete:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._complete = True
                raise BrokenOff
            self._complete = not message.get("more_body", False)
            if chunk := message.get("body", b""):
                yield chunk

    async def discard(self, at_most: int) -> None:
        """Read the rest away, so that a client that sends first and reads then sees the answer.

        One that asked with `Expect: 100-continue` waits for the answer and sends nothing.
        """
        if self._expected:
            return
        try:
            async for chunk in self.chunks():
                at_most -= len(chunk)
                if at_most < 0:
                    return
        except BrokenOff:
            return
