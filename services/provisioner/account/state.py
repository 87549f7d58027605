"""What an account is to the provisioner: its standing, its claims, and where its next call stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas import ids
from schemas.facts import ClaimRef, IfExists
from services.provisioner.account.order import Order


@dataclass(frozen=True, slots=True)
class Pending:
    """Being made. `attempt` calls were made so far; the next is due at `next_attempt_at`, or at once."""

    attempt: int = 0
    next_attempt_at: datetime | None = None
    cause: str | None = None
    effect_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Ok:
    """It exists at the account service."""

    username: str


@dataclass(frozen=True, slots=True)
class Erred:
    """Given up. `effect_unknown`: it may exist all the same, so a retry keeps the key."""

    code: str
    attempt: int
    effect_unknown: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """Being closed at the account service, which knows it as `username` if it knows it."""

    username: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed; a new claim may open it again as a new life."""


Standing = Pending | Ok | Erred | Closing | Closed


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A later claim that nobody has answered yet."""

    claim: ClaimRef
    if_exists: IfExists
    order: Order


@dataclass(frozen=True, slots=True)
class Account:
    """One account: the fold of its facts.

    `version` is that of the last provisioner fact (0: none yet); `answered` are the request ids of later
    claims that have had their answer.
    """

    account_id: UUID
    creator: ClaimRef
    order: Order
    standing: Standing = Pending()
    version: int = 0
    life: int = 1
    series: int = 1
    open_claims: tuple[OpenClaim, ...] = ()
    answered: tuple[UUID, ...] = ()

    @property
    def idempotency_key(self) -> UUID:
        """The key of the current life and series of attempts."""
        return ids.idempotency_key(self.account_id, self.life, self.series)

    def knows(self, request_id: UUID) -> bool:
        """Whether a claim with this request id was seen before."""
        return (
            request_id == self.creator.request_id
            or request_id in self.answered
            or any(open_claim.claim.request_id == request_id for open_claim in self.open_claims)
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """An account in the tables, with its partition of the log."""

    account: Account
    partition: int


@dataclass(frozen=True, slots=True)
class Change:
    """An account before and after; `before.version` is what must still be stored."""

    before: Account
    after: Account
