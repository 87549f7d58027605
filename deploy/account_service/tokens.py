"""Client credentials in, short-lived bearer tokens out."""

import hmac
import secrets
from collections.abc import Callable

MAX_TOKENS = 10_000


class Tokens:
    """Bearer tokens in memory: a restart forgets them, as a client must be able to live with."""

    def __init__(
        self, *, client_id: str, client_secret: str, lifetime_seconds: float, monotonic: Callable[[], float]
    ) -> None:
        self._client = (client_id.encode(), client_secret.encode())
        self._monotonic = monotonic
        self._expiry: dict[str, float] = {}
        self.lifetime_seconds = lifetime_seconds

    def knows(self, client_id: str, client_secret: str) -> bool:
        """Whether these are the client's credentials, in constant time."""
        same_id = hmac.compare_digest(client_id.encode(), self._client[0])
        same_secret = hmac.compare_digest(client_secret.encode(), self._client[1])
        return same_id and same_secret

    def issue(self) -> str:
        """A new token; the oldest goes when there are too many."""
        now = self._monotonic()
        if len(self._expiry) >= MAX_TOKENS:
            self._expiry = {token: expiry for token, expiry in self._expiry.items() if expiry > now}
        if len(self._expiry) >= MAX_TOKENS:
            del self._expiry[next(iter(self._expiry))]
        token = secrets.token_urlsafe(24)
        self._expiry[token] = now + self.lifetime_seconds
        return token

    def accepts(self, authorization: str | None) -> bool:
        """Whether an Authorization header carries a token that is still good."""
        if authorization is None or not authorization.startswith("Bearer "):
            return False
        expiry = self._expiry.get(authorization[7:])
        return expiry is not None and expiry > self._monotonic()

    def expire_all(self) -> int:
        """Make every token out there useless at once; gives how many."""
        count = len(self._expiry)
        self._expiry.clear()
        return count
