"""Whether who has waited for long may still see what they wait for."""

import asyncio

from fastapi import Request

from services.common.access import Authenticator, Principal
from services.common.http.cookies import session_cookie

LOOK_AGAIN_S = 5.0
"""How often those who wait are asked for; what the authenticator knows may be as old again."""


class Again:
    """Who is asking, looked up once for all that came with the same token or session."""

    def __init__(self) -> None:
        self._asking: dict[tuple[str, ...], asyncio.Task[Principal]] = {}

    async def ask(self, request: Request) -> Principal:
        """Who sent a request that is under way, as it is now.

        Raises:
            NotSignedIn: the token or session has ended.
        """
        who = credentials_of(request)
        task = self._asking.get(who)
        if task is None:
            task = self._asking[who] = asyncio.create_task(_signed_in(request), name="signed-in-again")
            task.add_done_callback(lambda _: self._asking.pop(who, None))
        return await asyncio.shield(task)


async def _signed_in(request: Request) -> Principal:
    authenticator: Authenticator = request.app.state.authenticator
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return await authenticator.principal(authorization)
    return await authenticator.session(session_cookie(request.scope["headers"], request.scope["scheme"]))


def credentials_of(request: Request) -> tuple[str, ...]:
    """What a request is signed in by; the same for all requests of one token or session."""
    return request.headers.get("authorization", ""), request.headers.get("cookie", "")
