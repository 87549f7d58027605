"""The bearer token of the account service: cached, renewed early, one renewal at a time."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import aiohttp

from services.provisioner.backends import reading
from services.provisioner.backends.outcomes import NotSent, NotSentCause
from services.provisioner.backends.protocol import Capabilities
from services.provisioner.backends.transport import Answered, Transport

MARGIN_SECONDS = 60.0
MARGIN_SHARE = 0.1


class Tokens(Protocol):
    """Where a call gets its bearer token."""

    async def get(self) -> str | NotSent:
        """A token to call with."""
        ...

    def discard(self, token: str) -> None:
        """Forget a token the service no longer takes."""

    async def close(self) -> None:
        """End what is under way."""


class FixedToken:
    """A token that was given once and for all."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def get(self) -> str | NotSent:
        """It."""
        return self._token

    def discard(self, token: str) -> None:
        """There is no other."""

    async def close(self) -> None:
        """Nothing is under way."""


class TokenSource:
    """Fetches tokens with client credentials and remembers what the service declared beside them."""

    def __init__(
        self,
        transport: Transport,
        url: str,
        *,
        client_id: str,
        client_secret: str,
        scope: str | None = None,
        timeout: float,
        monotonic: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._url = url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            **({} if scope is None else {"scope": scope}),
        }
        self._timeout = timeout
        self._monotonic = monotonic
        self._token: str | None = None
        self._renew_at = float("inf")
        self._useless_at = float("inf")
        self._renewal: asyncio.Task[NotSent | None] | None = None
        self.declared = Capabilities()

    async def get(self) -> str | NotSent:
        """A token to call with. A renewal that fails early leaves the old one in use while it is good."""
        if self._token is not None and self._monotonic() < self._renew_at:
            return self._token
        failure = await self._renewed()
        if self._token is not None and self._monotonic() < self._useless_at:
            return self._token
        return failure or NotSent(NotSentCause.TOKEN_UNAVAILABLE)

    def discard(self, token: str) -> None:
        """Forget a token the service no longer takes, unless it has been replaced already."""
        if self._token == token:
            self._token = None

    async def close(self) -> None:
        """End a renewal under way."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.wait([self._renewal])

    async def _renewed(self) -> NotSent | None:
        if self._renewal is None:
            self._renewal = asyncio.get_running_loop().create_task(self._renew())
            self._renewal.add_done_callback(self._forget_renewal)
        # Shielded: a caller that is cancelled must not take the renewal away from the others.
        return await asyncio.shield(self._renewal)

    def _forget_renewal(self, _: object) -> None:
        self._renewal = None

    async def _renew(self) -> NotSent | None:
        outcome = await self._transport.call(
            "POST", self._url, within=self._timeout, data=aiohttp.FormData(self._form)
        )
        if not isinstance(outcome, Answered):
            return NotSent(NotSentCause.TOKEN_UNAVAILABLE)
        if outcome.status in {400, 401, 403}:
            return NotSent(NotSentCause.CREDENTIALS_REFUSED)
        if outcome.status != 200:
            return NotSent(NotSentCause.TOKEN_UNAVAILABLE, outcome.retry_after)
        return self._take(reading.decoded(outcome.body))

    def _take(self, answer: Any) -> NotSent | None:
        token = answer.get("access_token") if isinstance(answer, dict) else None
        # A header cannot carry control characters or blanks; such a token is no token.
        if (
            not isinstance(token, str)
            or not token.isascii()
            or not token.isprintable()
            or " " in token
            or not token
        ):
            return NotSent(NotSentCause.TOKEN_UNAVAILABLE)
        self._token = token
        self.declared = reading.capabilities(answer)
        lifetime = answer.get("expires_in")
        if isinstance(lifetime, int | float) and lifetime > 0:
            now = self._monotonic()
            self._renew_at = now + lifetime - min(MARGIN_SECONDS, lifetime * MARGIN_SHARE)
            self._useless_at = now + lifetime
        else:
            self._renew_at = self._useless_at = float("inf")
        return None
