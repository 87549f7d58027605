"""What can go wrong in a call, split by where it arose: on the way, at the server, in the answer."""

from collections.abc import Mapping
from typing import Any

TEMPORARY_STATUSES = frozenset({429, 502, 503, 504})
_TEMPORARY_CODES = frozenset({"IDEMPOTENCY_KEY_IN_USE"})


class ClientError(Exception):
    """A call did not give what was asked for."""

    def __init__(self, code: str, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.hint = hint


class Unreachable(ClientError):
    """Nobody answered: refused, reset, timed out. Whether the request was heard is not known."""


class Unintelligible(ClientError):
    """Somebody answered, but not in the words of this API."""


class Refused(ClientError):
    """The server answered with a problem document (RFC 9457)."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        hint: str = "",
        *,
        retry_after: float | None = None,
        draft: str | None = None,
        choices: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, detail, hint)
        self.status = status
        self.retry_after = retry_after
        self.draft = draft
        """The draft of a file that could not be read."""
        self.choices = choices or {}
        """What may be chosen to read it after all, as the API takes it."""

    @property
    def temporary(self) -> bool:
        """The same request may be answered a little later."""
        return self.status in TEMPORARY_STATUSES or self.code in _TEMPORARY_CODES
