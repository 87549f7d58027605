"""The short way for the ordinary poll: a known token, a known import, nothing to wait for.

Routing, dependencies and error handling of the web framework cost five times what the answer itself does, and
thousands ask the same question. Whatever is not ordinary (no token, an import that is not there for the asker, a query,
trouble) goes the long way, which asks again and gives the same answers: this file decides nothing. Because it costs so
little, it does not count towards the rate of a token.
"""

import re
from collections.abc import Iterable
from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.access import Authenticator, Principal
from services.common.database import OPERATIONAL_ERRORS
from services.common.http.cookies import first, session_cookie
from services.common.http.middleware import SECURITY_HEADERS, count_answer, request_id_of
from services.projector.import_progress.statuses import Status, Statuses
from services.projector.web.answers import holds, sees
from services.projector.web.other_sets import OTHER_SET

_PATH = re.compile(r"/api/course-imports/([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?")
_NO_CACHE = (b"cache-control", b"no-cache")
_JSON = (b"content-type", b"application/json")
_ALWAYS = tuple(header for header in SECURITY_HEADERS if header[0] != _NO_CACHE[0])


class StatusLane:
    """Pure ASGI, in front of the application that serves everything."""

    def __init__(self, app: ASGIApp, statuses: Statuses, authenticator: Authenticator) -> None:
        self._app = app
        self._statuses = statuses
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an ordinary poll, or pass the request on."""
        ordinary = scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]
        if ordinary and OTHER_SET not in scope:
            asked = _PATH.fullmatch(scope["path"])
            if asked is not None and (principal := self._known(scope)) is not None:
                status = await self._status(UUID(asked[1]))
                if status is not None and sees(principal, status.project_id):
                    await _answer(scope["headers"], status, send)
                    return
        await self._app(scope, receive, send)

    def _known(self, scope: Scope) -> Principal | None:
        headers = scope["headers"]
        authorization = first(headers, b"authorization")
        if authorization is not None:
            return self._authenticator.known(authorization)
        return self._authenticator.known(None, session_cookie(headers, scope["scheme"]))

    async def _status(self, import_id: UUID) -> Status | None:
        try:
            return await self._statuses.get(import_id)
        except OPERATIONAL_ERRORS:
            return None


async def _answer(headers: Iterable[tuple[bytes, bytes]], status: Status, send: Send) -> None:
    held = next((value for name, value in headers if name == b"if-none-match"), None)
    own = [
        (b"etag", status.etag.encode()),
        _NO_CACHE,
        *_ALWAYS,
        (b"x-request-id", request_id_of(headers).encode()),
    ]
    if held is not None and holds(held.decode("latin-1"), status.etag):
        count_answer("GET", 304)
        await send({"type": "http.response.start", "status": 304, "headers": own})
        await send({"type": "http.response.body", "body": b""})
        return
    body = status.body
    own += (_JSON, (b"content-length", b"%d" % len(body)))
    count_answer("GET", 200)
    await send({"type": "http.response.start", "status": 200, "headers": own})
    await send({"type": "http.response.body", "body": body})
