"""Before every request of the API: who is asking, from our own page if with a cookie, and not too often."""

import time
from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.access import Authenticator, NotSignedIn, Principal
from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.common.http.buckets import Buckets, Taken, limit_header
from services.common.http.cookies import SAFE_METHODS, first, from_own_page, session_cookie
from services.common.http.doubt import Doubt
from services.common.http.problems import Problem, send_problem, temporarily_unavailable
from services.common.protection import Protection

PRINCIPAL = "course_accounts.principal"
"""In the scope of a request: who is asking (`Principal`), or None where nobody is signed in."""

_SIGN_IN = "/api/session/"


class Guard:
    """Pure ASGI. What is not below `/api/` passes as it is: it has its own secret, or none."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        protection: Protection,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._authenticator = authenticator
        self._rates: Buckets[str] = Buckets(protection.rate, protection.burst, clock=clock)
        self._failures: Buckets[str] = Buckets(
            protection.failed_sign_ins, protection.failed_burst, clock=clock
        )
        self._doubt = Doubt(clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        authorization = first(scope["headers"], b"authorization") or None
        cookie = session_cookie(scope["headers"], scope["scheme"]) if authorization is None else None
        signs_in = scope["path"] == _SIGN_IN and scope["method"] == "POST"
        tries = authorization is not None or cookie is not None or signs_in
        try:
            principal = self._authenticator.known(authorization, cookie)
            if principal is None and tries:
                principal = await self._look_up(scope, authorization, cookie)
            self._check_origin(scope, by_cookie=principal is not None and authorization is None)
            taken = self._take(principal)
        except Problem as problem:
            await send_problem(scope, receive, send, problem)
            return
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS:
            await send_problem(scope, receive, send, temporarily_unavailable())
            return
        scope[PRINCIPAL] = principal

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                if taken is not None:
                    message["headers"] = [*message.get("headers", []), *self._limits(taken)]
                if tries and message["status"] == 401 and self._failures.limited:
                    self._failures.take(_peer(scope))
            await send(message)

        await self._app(scope, receive, send_with_limits)

    async def _principal(self, authorization: str | None, cookie: str | None) -> Principal | None:
        try:
            if authorization is not None:
                return await self._authenticator.principal(authorization)
            if cookie is not None:
                return await self._authenticator.session(cookie)
        except NotSignedIn:
            pass
        return None

    async def _look_up(self, scope: Scope, authorization: str | None, cookie: str | None) -> Principal | None:
        """Who is asking; from an address of many wrong tokens only who has a good one passes."""
        find = partial(self._principal, authorization, cookie)
        wait = self._failures.wait_s(_peer(scope))
        if wait is None:
            return await find()
        secret = authorization if authorization is not None else cookie
        principal = None if secret is None else await self._doubt.look_up(secret, find)
        if principal is None:
            raise Problem(
                429,
                "TOO_MANY_SIGN_INS",
                "There were too many tries to sign in with a wrong token from your address. Wait, then try again.",
                headers={"Retry-After": str(wait)},
            )
        return principal

    def _check_origin(self, scope: Scope, *, by_cookie: bool) -> None:
        if by_cookie and scope["method"] not in SAFE_METHODS and not from_own_page(scope["headers"]):
            raise Problem(
                403,
                "CROSS_SITE",
                "This request does not come from our own page. Use the page, or send an API token.",
            )

    def _take(self, principal: Principal | None) -> Taken | None:
        if principal is None or not self._rates.limited:
            return None
        taken = self._rates.take(principal.credential or principal.user_id)
        if taken.retry_after_s is None:
            return taken
        raise Problem(
            429,
            "TOO_MANY_REQUESTS",
            f"This token asks too often. Nothing was done; go on in {taken.retry_after_s} s, and more slowly.",
            headers={
                "Retry-After": str(taken.retry_after_s),
                "RateLimit-Policy": self._rates.policy,
                "RateLimit": limit_header(taken),
            },
        )

    def _limits(self, taken: Taken) -> list[tuple[bytes, bytes]]:
        return [
            (b"ratelimit-policy", self._rates.policy.encode()),
            (b"ratelimit", limit_header(taken).encode()),
        ]


def _peer(scope: Scope) -> str:
    """Where a request comes from, as the front says; a proxy appends, so the last address is the one to trust."""
    forwarded = first(scope["headers"], b"x-forwarded-for")
    if forwarded:
        return forwarded.rpartition(",")[2].strip()[:60]
    return str(scope["client"][0]) if scope.get("client") else ""
