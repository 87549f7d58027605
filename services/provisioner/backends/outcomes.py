"""What became of a call to the account service: closed unions of plain values.

The line that matters runs between *definite* and *unknown* (rules R36 to R38): `Created`, `Refused`,
`Exists` and `NotSent` are certain; after `Unknown` the effect may or may not have happened, so the same
key must be used again, or the account looked up.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UnknownCause(StrEnum):
    """Why nobody can say whether there was an effect."""

    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"
    SERVER_ERROR = "server_error"
    MALFORMED_ANSWER = "malformed_answer"
    IN_PROGRESS = "in_progress"
    KEY_REUSED = "key_reused"


class NotSentCause(StrEnum):
    """Why there was certainly no effect, although nothing was refused either."""

    CONNECT_FAILED = "connect_failed"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    TOKEN_UNAVAILABLE = "token_unavailable"  # noqa: S105 - a cause, no secret
    CREDENTIALS_REFUSED = "credentials_refused"
    NOT_AUTHORISED = "not_authorised"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Created:
    """There is an account, made by this key (now, or by an earlier call with it)."""

    username: str
    created_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A definite no; nothing was done. `code` is the target's own, or `HTTP_<status>`."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """A live account as the target shows it; what it does not say is None."""

    username: str
    owner: str | None = None
    scope: str | None = None
    idempotency_key: str | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """Somebody holds the address; nothing was done. `found` where the target can be asked who.

    Whether it is ours to adopt is for the caller to judge, by key, or by owner and scope.
    """

    found: FoundAccount | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The effect may have happened: ask again with the same key, or look up."""

    cause: UnknownCause
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly no effect; may be tried again, after `retry_after` seconds where the target said so."""

    cause: NotSentCause
    retry_after: float | None = None


CreateResult = Created | Refused | Exists | Unknown | NotSent


@dataclass(frozen=True, slots=True)
class Found:
    """A live account holds the address."""

    account: FoundAccount


@dataclass(frozen=True, slots=True)
class Absent:
    """Certainly no live account at this address and scope."""


@dataclass(frozen=True, slots=True)
class CannotLookUp:
    """This target has no look-up that an absence could be concluded from."""


LookUpResult = Found | Absent | CannotLookUp | Unknown | NotSent


@dataclass(frozen=True, slots=True)
class Closed:
    """The account is closed; `already` when the target no longer knew it."""

    already: bool = False


CloseResult = Closed | Refused | Unknown | NotSent


@dataclass(frozen=True, slots=True)
class Extended:
    """The account is good until the new day."""


@dataclass(frozen=True, slots=True)
class CannotExtend:
    """This target's accounts keep the end they were made with, or have none."""


ExtendResult = Extended | CannotExtend | Refused | Unknown | NotSent


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of the live accounts; `more` asks for the next ones, None: that was all."""

    accounts: tuple[FoundAccount, ...]
    more: str | None = None


@dataclass(frozen=True, slots=True)
class CannotList:
    """This target does not say which accounts it has."""


ListResult = Listed | CannotList | Unknown | NotSent
