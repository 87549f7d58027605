"""A stream of events as an HTTP answer: kept alive, never buffered for ever, always given back to the hub."""

from collections.abc import Callable

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from services.projector.push import metrics
from services.projector.push.hub import Hub
from services.projector.push.stream import Stream

PING_S = 15
"""Proxies end what is silent for longer; and who has gone is noticed."""
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

_log = structlog.get_logger(__name__)


class Events(EventSourceResponse):
    """Sends one stream until the reader goes, is too slow, or the hub ends it."""

    def __init__(self, hub: Hub, stream: Stream) -> None:
        super().__init__(
            stream.pieces(),
            headers=_HEADERS,
            sep="\n",
            ping=PING_S,
            ping_message_factory=lambda: ServerSentEvent(comment="ping", sep="\n"),
            send_timeout=hub.send_timeout_s,
        )
        self._hub = hub
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            metrics.SLOW.inc()
            _log.info("slow_reader_dropped", after_s=self._hub.send_timeout_s)
            _break_off(receive)
        finally:
            self._hub.leave(self._stream)


def _break_off(receive: Receive) -> None:
    """Close the connection without sending the rest: the server would keep it until the reader takes it.

    ASGI has no way to ask for that; uvicorn's `receive` belongs to an object that holds the connection.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    abort: Callable[[], None] | None = getattr(transport, "abort", None)
    if abort is not None:
        abort()
