"""What happens to every request: an id, a path with or without its slash, and a last net that shows no trace."""

import re
import secrets
from collections.abc import Iterable
from functools import cache

import orjson
import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = structlog.get_logger(__name__)

REQUESTS = Counter(
    "course_accounts_http_requests", "Answers by method and status class", ["method", "status"]
)
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""On every answer that does not say otherwise: it is data, for nobody else, shown in no frame and kept nowhere."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class EveryRequest:
    """Pure ASGI, so that streaming is not buffered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope["headers"])
        scope["request_id"] = request_id
        scope["path"] = _with_slash(scope["path"])
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message.get("headers", [])
                message["headers"] = [*headers, *_missing(headers), (b"x-request-id", request_id.encode())]
                count_answer(scope["method"], message["status"])
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                logger.exception("request_failed", method=scope["method"])
                if started:
                    raise
                await _send_internal_error(send_with_id, request_id)


async def _send_internal_error(send: Send, request_id: str) -> None:
    body = orjson.dumps(
        {
            "type": "urn:course-accounts:problem:internal-error",
            "status": 500,
            "code": "INTERNAL_ERROR",
            "title": "Internal error",
            "detail": "This is our mistake, and it is in our log under the request id. Nothing was changed halfway.",
            "request_id": request_id,
        }
    )
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _missing(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    said = {name.lower() for name, _ in headers}
    return [header for header in SECURITY_HEADERS if header[0] not in said]


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The caller's id of this request, if it is harmless, else a new one."""
    for name, value in headers:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            if _REQUEST_ID.match(text):
                return str(text)
    return secrets.token_hex(8)


@cache
def _counter(method: str, status_class: int) -> Counter:
    return REQUESTS.labels(method, f"{status_class}xx")


def count_answer(method: str, status: int) -> None:
    """Count one answer."""
    _counter(method if method in _METHODS else "other", status // 100).inc()


def _with_slash(path: str) -> str:
    """API paths end with a slash; one without is the same path (no redirect that would lose a body)."""
    if (
        path.startswith(("/api/", "/internal/"))
        and not path.endswith("/")
        and "." not in path.rsplit("/", 1)[1]
    ):
        return path + "/"
    return path
