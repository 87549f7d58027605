"""API tokens: 256 random bits, kept as SHA-256, sent as `Authorization: Token …` or `Bearer …`."""

import hashlib
import secrets
import time
from collections.abc import Callable

from services.common.access.principal import NotSignedIn, Principal
from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.common.access")
_CACHE_SECONDS = 5.0
_CACHE_SIZE = 10_000


def new_token() -> str:
    """A fresh token, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored instead of the token."""
    return hashlib.sha256(token.encode()).digest()


class Authenticator:
    """Finds out who is asking. A good token is trusted for five seconds before it is looked up again."""

    def __init__(self, pool: Pool, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._seen: dict[bytes, tuple[float, Principal]] = {}

    async def principal(self, authorization: str | None) -> Principal:
        """The holder of the token in an `Authorization` header.

        Raises:
            NotSignedIn: there is no valid token.
        """
        digest = _digest(authorization)
        if digest is None:
            raise NotSignedIn
        if (known := self._known(digest)) is not None:
            return known
        row = await self._pool.fetchrow(_SQL["find_token"], digest)
        if row is None:
            self._seen.pop(digest, None)
            raise NotSignedIn
        principal = Principal(row["user_id"], row["staff"])
        if len(self._seen) >= _CACHE_SIZE:
            self._seen.clear()
        self._seen[digest] = (self._clock() + _CACHE_SECONDS, principal)
        return principal

    def known(self, authorization: str) -> Principal | None:
        """The holder, if that was looked up within the last seconds: costs no database and no wait."""
        digest = _digest(authorization)
        return None if digest is None else self._known(digest)

    def _known(self, digest: bytes) -> Principal | None:
        seen = self._seen.get(digest)
        return seen[1] if seen is not None and seen[0] > self._clock() else None


def _digest(authorization: str | None) -> bytes | None:
    """The hash of the token in an `Authorization` header; None if there is none that could be ours."""
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() not in ("token", "bearer") or not token or len(token) > 200:
        return None
    return token_hash(token)


async def add_token(pool: Pool, token: str, *, user_id: str, staff: bool, note: str = "") -> None:
    """Remember `token` for `user_id`; idempotent."""
    await pool.execute(_SQL["add_token"], token_hash(token), user_id, staff, note, None)
