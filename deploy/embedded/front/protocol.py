"""Requests that are no HTTP, or too long for it: answered as a problem, like all others, and not quoted in a log."""

import asyncio
import uuid
from typing import Any

import structlog
from aiohttp import web

from deploy.embedded.front import headers, problems

log = structlog.get_logger()


class FrontServer(web.Server):
    """A server whose parser refuses in our words. Arguments as those of `web.Server`."""

    def __init__(self, handler: Any, *, handler_cancellation: bool, **options: Any) -> None:
        super().__init__(handler, handler_cancellation=handler_cancellation, **options)
        self._options = options

    def __call__(self) -> web.RequestHandler:
        """What serves one connection."""
        return _Connection(self, loop=asyncio.get_running_loop(), **self._options)


class _Connection(web.RequestHandler):
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes what came
    ) -> web.StreamResponse:
        """Answer what could not be read or served. What came is neither logged nor sent back: it may name people."""
        request_id = uuid.uuid4().hex
        log.warning("request_not_served", request_id=request_id, status=status, error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        problem = problems.malformed() if status < 500 else problems.internal_error()
        response = problem.response(request_id)
        response.headers[headers.REQUEST_ID] = request_id
        response.force_close()
        return response
