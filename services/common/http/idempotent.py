"""`Idempotency-Key`: the same request under the same key is done once, and answered as it was (docs/adr/0033).

Endpoints that keep a key of their own, with what they change, lie below: when a process dies after the change and
before its answer is kept here, the request runs again, and it is they who know.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.access.idempotency import (
    Attempt,
    BodyHash,
    Done,
    Idempotency,
    Kept,
    Reused,
    Runs,
    line_hash,
    packed,
)
from services.common.access.principal import Principal
from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.common.http.body_guard import REFUSED
from services.common.http.captured import Captured
from services.common.http.cookies import SAFE_METHODS
from services.common.http.guard import PRINCIPAL
from services.common.http.problems import Problem, send_problem, temporarily_unavailable
from services.common.http.repeated import Incoming, check_body, checked, give_again, reused, runs

logger = structlog.get_logger(__name__)

_NOT_TO_KEEP: Final = "course_accounts.answer_not_to_keep"
_REPEATED_BELOW: Final = "course_accounts.repeated_below"

LEASE_S: Final = 10.0
_NOT_WRITTEN: Final[tuple[type[Exception], ...]] = (*OPERATIONAL_ERRORS, asyncpg.PostgresError)
_FOR_ANOTHER_TIME: Final = frozenset({401, 408, 429})


def keep_no_answer(request: Request) -> None:
    """Do not keep the answer to this request, because it shows a secret: a second request learns that it was done."""
    request.scope[_NOT_TO_KEEP] = True


def repeat_below(request: Request) -> None:
    """Keep nothing of this request: its endpoint keeps the key itself, and can answer again, however long it is."""
    request.scope[_REPEATED_BELOW] = True


class Idempotent:
    """Pure ASGI, behind `Guard`: keys belong to people."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        store: Idempotency,
        lease_s: float = LEASE_S,
        new_id: Callable[[], UUID] = uuid4,
    ) -> None:
        self._app = app
        self._store = store
        self._lease_s = lease_s
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run a request, or give the answer it had before."""
        principal: Principal | None = scope.get(PRINCIPAL) if scope["type"] == "http" else None
        if principal is None or scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        keys = [value.decode("latin-1") for name, value in scope["headers"] if name == b"idempotency-key"]
        if not keys:
            await self._app(scope, receive, send)
            return
        incoming = Incoming(receive)
        try:
            attempt = Attempt(principal.user_id, checked(keys), self._new_id())
            line = line_hash(scope["method"], scope["path"], scope["query_string"])
            begun = await self._store.begin(attempt, line, lease_s=self._lease_s)
            match begun:
                case Reused():
                    raise reused()
                case Runs():
                    raise runs()
                case Done():
                    await check_body(incoming.receive, begun.body)
                    await give_again(begun.kept, send)
                    return
        except Problem as problem:
            await incoming.read_away()
            await send_problem(scope, receive, send, problem)
            return
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS:
            await send_problem(scope, receive, send, temporarily_unavailable())
            return
        async with self._renewing(attempt):
            await self._run(attempt, scope, receive, send)

    async def _run(self, attempt: Attempt, scope: Scope, receive: Receive, send: Send) -> None:
        taken = BodyHash()
        captured = Captured(send)

        async def receive_hashed() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                taken.take(message.get("body", b""), last=not message.get("more_body", False))
            return message

        try:
            await self._app(scope, receive_hashed, captured.send)
        except Exception:
            await _quietly(self._store.release(attempt))
            raise
        below = scope.get(REFUSED) or scope.get(_REPEATED_BELOW)
        kept = None if below else await _kept(captured, secret=bool(scope.get(_NOT_TO_KEEP)))
        if kept is None:
            await _quietly(self._store.release(attempt))
        else:
            await _quietly(self._store.finish(attempt, taken.body(), kept))
        await captured.let_go()

    @asynccontextmanager
    async def _renewing(self, attempt: Attempt) -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await asyncio.sleep(self._lease_s / 3)
                await _quietly(self._store.renew(attempt, lease_s=self._lease_s))

        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _quietly(work: Awaitable[None]) -> None:
    """What was done is answered, whether or not that can be kept."""
    try:
        await work
    except _NOT_WRITTEN as error:
        logger.error("answer_not_kept", error=type(error).__name__)  # noqa: TRY400 - the type says it all


async def _kept(captured: Captured, *, secret: bool) -> Kept | None:
    """The answer as it is kept; None if the next request shall be the first again."""
    status = captured.status
    if status is None or status >= 500 or status in _FOR_ANOTHER_TIME:
        return None
    content = captured.content
    if content is not None and not secret:
        content = await asyncio.to_thread(packed, content)
    return Kept(status, captured.headers, None if secret else content)
