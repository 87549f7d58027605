"""Between the wire and the work: authentication, faults, one form of error, one count per call."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from deploy.account_service import answers
from deploy.account_service.answers import Answer
from deploy.account_service.faults import FaultPlan
from deploy.account_service.orders import Malformed
from deploy.account_service.stats import Stats
from deploy.account_service.tokens import Tokens
from deploy.account_service.writer import JournalUnavailable

_JSON = {"Content-Type": "application/json"}
_log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Work = Callable[[web.Request], Awaitable[Answer | bytes]]


class Dropped(Exception):
    """The reply is to be lost."""


class Guard:
    """Wraps the work of each endpoint."""

    def __init__(self, plan: FaultPlan, tokens: Tokens, stats: Stats) -> None:
        self._plan = plan
        self._tokens = tokens
        self._stats = stats

    def around(
        self, operation: str, work: Work, *, creates: bool = False, authenticated: bool = True
    ) -> Handler:
        """The handler for an endpoint; `work` gives an answer, or the body of a 200."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                response = await self._respond(request, work, creates=creates, authenticated=authenticated)
            except Dropped:
                self._stats.count(operation, "dropped")
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=500)
            self._stats.count(operation, response.status)
            return response

        return handle

    async def _respond(
        self, request: web.Request, work: Work, *, creates: bool, authenticated: bool
    ) -> web.Response:
        try:
            if self._plan.calm:
                if authenticated and not self._tokens.accepts(request.headers.get("Authorization")):
                    return _failed(401, "TOKEN_INVALID", "The token is unknown or has expired.")
                return _plain(await work(request))
            return await self._with_faults(request, work, creates=creates, authenticated=authenticated)
        except Malformed as error:
            return _failed(400, "BODY_INVALID", str(error))
        except JournalUnavailable:
            return _failed(503, "JOURNAL_UNAVAILABLE", "Nothing was done: the journal cannot be written.", 5)
        except web.HTTPRequestEntityTooLarge:
            return _failed(413, "BODY_TOO_LARGE", "The body is larger than this service takes.")
        except Dropped:
            raise
        except Exception:  # noqa: BLE001 - a bug must answer in the one form of error, and be seen in the log
            _log.exception("call_failed", route=str(request.match_info.route.resource))
            return _failed(500, "INTERNAL_ERROR", "The account service failed; what was done is unknown.")

    async def _with_faults(
        self, request: web.Request, work: Work, *, creates: bool, authenticated: bool
    ) -> web.Response:
        plan, faults = self._plan, self._plan.current
        if faults.down == "closed":
            raise Dropped
        if faults.down == "unavailable":
            return _failed(503, "UNAVAILABLE", "The account service is down.", faults.retry_after_seconds)
        if not authenticated:
            return _plain(await work(request))
        if not self._tokens.accepts(request.headers.get("Authorization")):
            return _failed(401, "TOKEN_INVALID", "The token is unknown or has expired.")
        if plan.over_ceiling() or plan.roll(faults.too_many):
            return _failed(429, "TOO_MANY_REQUESTS", "Too many calls; wait.", faults.retry_after_seconds)
        if (delay := plan.delay()) > 0:
            await asyncio.sleep(delay)
        if plan.roll(faults.error_before):
            return _failed(500, "INTERNAL_ERROR", "The account service failed.")
        if creates and plan.roll(faults.in_progress):
            return _plain(answers.IN_PROGRESS)
        response = _plain(await work(request))
        if plan.roll(faults.error_after):
            return _failed(500, "INTERNAL_ERROR", "The account service failed.")
        if plan.roll(faults.reply_lost):
            raise Dropped
        if plan.roll(faults.malformed):
            return web.Response(status=response.status, body=b'{"tempAccount": {"user', headers=_JSON)
        return response


def _plain(outcome: Answer | bytes) -> web.Response:
    if isinstance(outcome, bytes):
        return web.Response(body=outcome, headers=_JSON)
    if outcome.lost:
        raise Dropped
    return web.Response(status=outcome.status, body=outcome.encoded(), headers=_JSON)


def _failed(status: int, code: str, message: str, retry_after: int | None = None) -> web.Response:
    response = web.Response(status=status, body=answers.error(status, code, message).encoded(), headers=_JSON)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
