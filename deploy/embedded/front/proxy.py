"""One request through the front: decide, forward, stream back."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    web,
)
from yarl import URL

from deploy.embedded.front import headers, problems
from deploy.embedded.front.body import Body
from deploy.embedded.front.page import Page
from deploy.embedded.front.routes import Forward, NotAllowed, Owner, Unknown, decide
from deploy.embedded.front.upstreams import Upstreams

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request. Seconds and bytes."""

    body: int = 64 * 2**20 + 2**20
    """The largest file a service takes, and room for the multipart wrapping."""
    connect: float = 2.0
    idle: float = 60.0
    """Silence allowed in either direction: more than twice a long poll (20 s) or a heartbeat (15 s)."""
    total: float = 600.0
    """One whole exchange, except the endless ones."""
    retry_after: int = 2


class Proxy:
    """Forwards requests to the service that owns their path. An instance is an aiohttp request handler."""

    def __init__(
        self,
        session: ClientSession,
        upstreams: Mapping[Owner, Upstreams],
        *,
        limits: Limits | None = None,
        own: Mapping[str, Callable[[], web.Response]] | None = None,
        page: Page | None = None,
        make_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._session = session
        self._upstreams = upstreams
        self._limits = limits or Limits()
        self._own = own or {}
        self._page = page
        self._make_id = make_id

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; a client that goes away cancels this, and with it the call to the service."""
        request_id = headers.request_id(request.headers.get(headers.REQUEST_ID), self._make_id)
        path = request.raw_path.partition("?")[0]
        own = self._answer(request, path)
        if own is not None:
            return _tagged(own, request_id)
        match decide(request.method, path):
            case Unknown():
                return _tagged(problems.not_found().response(request_id), request_id)
            case NotAllowed(allow):
                problem = problems.method_not_allowed(request.method, allow)
                return _tagged(problem.response(request_id), request_id)
            case Forward() as forward:
                answer = await self._forward(request, forward, request_id)
        if isinstance(answer, problems.Problem):
            return _tagged(answer.response(request_id), request_id)
        return answer

    def _answer(self, request: web.BaseRequest, path: str) -> web.Response | None:
        """What the front answers itself."""
        if request.method not in ("GET", "HEAD"):
            return None
        if (own := self._own.get(path)) is not None:
            return own()
        return self._page.answer(path, request.headers) if self._page else None

    async def _forward(
        self, request: web.BaseRequest, forward: Forward, request_id: str
    ) -> web.StreamResponse | problems.Problem:
        if (request.content_length or 0) > self._limits.body:
            return problems.too_large(self._limits.body)
        upstreams = self._upstreams[forward.owner]
        body = Body(
            request.content,
            limit=self._limits.body,
            idle=self._limits.idle,
            go_ahead=lambda: _go_ahead(request),
        )
        for base in upstreams.in_turn():
            try:
                return await self._exchange(request, base, body, forward, request_id)
            except (ClientConnectorError, ConnectionTimeoutError):
                # Nothing was sent and nothing of the body was read: another copy may have it.
                log.warning("service_unreachable", service=upstreams.service, request_id=request_id)
            except TimeoutError:
                log.warning("service_silent", service=upstreams.service, request_id=request_id)
                return problems.too_slow(upstreams.service)
            except (ClientError, ConnectionError) as error:
                if body.broken == "too_large":
                    return problems.too_large(self._limits.body)
                if body.broken == "stalled":
                    return problems.stalled()
                log.warning(
                    "answer_lost",
                    service=upstreams.service,
                    request_id=request_id,
                    error=type(error).__name__,
                )
                return problems.cut_off(upstreams.service, self._limits.retry_after)
        return problems.away(upstreams.service, self._limits.retry_after)

    async def _exchange(
        self, request: web.BaseRequest, base: str, body: Body, forward: Forward, request_id: str
    ) -> web.StreamResponse:
        limits = self._limits
        async with self._session.request(
            request.method,
            URL(base + request.raw_path, encoded=True),
            headers=headers.to_service(
                request.headers, request_id=request_id, peer=request.remote, scheme=request.scheme
            ),
            data=body.stream() if request.body_exists else None,
            allow_redirects=False,
            timeout=ClientTimeout(
                total=None if forward.endless else limits.total,
                sock_connect=limits.connect,
                sock_read=limits.idle,
            ),
        ) as answer:
            return await self._stream_back(request, answer, request_id)

    async def _stream_back(
        self, request: web.BaseRequest, answer: ClientResponse, request_id: str
    ) -> web.StreamResponse:
        response = web.StreamResponse(
            status=answer.status,
            reason=answer.reason,
            headers=headers.to_client(answer.headers, request_id=request_id),
        )
        await response.prepare(request)
        try:
            async for piece in answer.content.iter_any():
                async with asyncio.timeout(self._limits.idle):
                    await response.write(piece)
            await response.write_eof()
        except (ClientError, ConnectionError, TimeoutError) as error:
            # The status line is out, so the only honest sign of a cut answer is a cut connection.
            log.warning("answer_cut", request_id=request_id, error=type(error).__name__)
            if request.transport is not None:
                request.transport.abort()
        return response


def _go_ahead(request: web.BaseRequest) -> None:
    """Tell a client that asked first to send its body; curl would wait a second with every larger file."""
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _tagged(response: web.Response, request_id: str) -> web.Response:
    response.headers[headers.REQUEST_ID] = request_id
    return response
