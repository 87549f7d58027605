"""The body of every request of the API: not too long, not too slow, and not too many large ones at once."""

import asyncio
import time
from contextlib import suppress
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.http.cookies import SAFE_METHODS, first
from services.common.http.problems import Problem, send_problem
from services.common.protection import Protection

logger = structlog.get_logger(__name__)

REFUSED = "course_accounts.body_refused"
"""In the scope of a request whose body was refused: whatever an endpoint made of that is not its answer."""

_READ_AWAY_S = 10.0
_READ_AWAY_BYTES = 80 * 1024 * 1024
"""More than any front lets through."""


class BodyRefused(Exception):
    """The rest of the body is not taken; the answer is on its way."""


class BodyGuard:
    """Pure ASGI. It counts what passes and keeps nothing."""

    def __init__(self, app: ASGIApp, *, protection: Protection) -> None:
        self._app = app
        self._protection = protection
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; where its body is refused, that is the answer, whatever the endpoint says."""
        watched = scope["type"] == "http" and scope["path"].startswith("/api/")
        if not watched or scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        body = _Watched(self, scope, receive)
        started = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal started
            if body.refused is None or started:
                started = True
                await send(message)

        try:
            await self._serve(scope, body, send_unless_refused)
            if body.refused is not None and not started:
                await body.read_away()
                await send_problem(scope, receive, send, body.refused)
        finally:
            body.end()

    async def _serve(self, scope: Scope, body: "_Watched", send: Send) -> None:
        try:
            body.check_declared()
            await self._app(scope, body.receive, send)
        except BodyRefused:
            logger.info("body_refused", code=body.refused and body.refused.code)

    @property
    def protection(self) -> Protection:
        """The limits."""
        return self._protection

    def begin_large(self) -> bool:
        """Let one more large body in, if there is room."""
        if self._large >= self._protection.uploads_at_once > 0:
            return False
        self._large += 1
        return True

    def end_large(self) -> None:
        """One is through."""
        self._large -= 1


class _Watched:
    """One body on its way."""

    def __init__(self, guard: BodyGuard, scope: Scope, receive: Receive) -> None:
        self.refused: Problem | None = None
        self._guard = guard
        self._scope = scope
        self._receive = receive
        self._limits = guard.protection
        self._most = self._limits.most_bytes(scope["path"])
        self._passed = 0
        self._large = False
        self._complete = False
        self._deadline = time.monotonic() + self._limits.body_total_s

    def check_declared(self) -> None:
        """Look at what the request says of its length.

        Raises:
            BodyRefused: that is too long, or one too many.
        """
        text = first(self._scope["headers"], b"content-length") or ""
        self._check(int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0)

    async def receive(self) -> Message:
        """The next piece.

        Raises:
            BodyRefused: it is too long, too slow, or one large body too many.
        """
        if self.refused is not None:
            raise BodyRefused
        if self._complete:
            return await self._receive()
        left = self._deadline - time.monotonic()
        try:
            async with asyncio.timeout(min(self._limits.body_idle_s, max(left, 0.01))):
                message = await self._receive()
        except TimeoutError:
            raise self._refuse(
                408,
                "UPLOAD_STALLED",
                "The body of the request stopped before its end. Nothing was kept of it: send it again.",
            ) from None
        self._passed += len(message.get("body", b""))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        self._check(self._passed)
        return message

    async def read_away(self) -> None:
        """Read on for a while, so that a client that sends first and reads then sees the answer."""
        stalled = self.refused is not None and self.refused.status == 408
        if stalled or self._complete or first(self._scope["headers"], b"expect") is not None:
            return
        passed = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_READ_AWAY_S):
                while passed <= _READ_AWAY_BYTES:
                    message = await self._receive()
                    passed += len(message.get("body", b""))
                    if message["type"] != "http.request" or not message.get("more_body", False):
                        return

    def end(self) -> None:
        """Make room for others."""
        if self._large:
            self._guard.end_large()
            self._large = False

    def _check(self, count: int) -> None:
        if count > self._most:
            raise self._refuse(
                413,
                "BODY_TOO_LARGE",
                f"What was sent is larger than {self._most:,} bytes. Send less at once.",
                max_bytes=self._most,
            )
        if count > self._limits.upload_bytes and not self._large:
            if not self._guard.begin_large():
                raise self._refuse(
                    503,
                    "TOO_MANY_UPLOADS",
                    "Too many uploads are on their way right now. Nothing was kept of this one: send it again.",
                    retry_after="2",
                )
            self._large = True

    def _refuse(self, status: int, code: str, detail: str, **more: Any) -> BodyRefused:
        headers = {"Connection": "close"}
        if (wait := more.pop("retry_after", None)) is not None:
            headers["Retry-After"] = wait
        self.refused = Problem(status, code, detail, headers=headers, **more)
        self._scope[REFUSED] = True
        return BodyRefused()
