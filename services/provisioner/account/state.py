"""What an account is to the provisioner: its standing, its claims, and where its next call stands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schemas import ids
from schemas.facts import ClaimRef, IfExists
from schemas.facts.accounts import CloseCause
from services.provisioner.account.order import Order


@dataclass(frozen=True, slots=True)
class Pending:
    """Being made. `attempt` calls were made so far; the next is due at `next_attempt_at`, or at once.

    `doubts` of them ended without an answer although the account service was up.
    """

    attempt: int = 0
    next_attempt_at: datetime | None = None
    cause: str | None = None
    effect_unknown: bool = False
    doubts: int = 0


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
    """Being closed at the account service, which knows it as `username` if it knows it.

    `attempt` calls were made so far. With a `code` the last one failed, and the next is due at
    `next_attempt_at`; without that time there is none: it could not be closed. `doubts` of the calls were refused,
    or not answered although the account service was up. `cause` is known where the account began to be closed
    just now; later it stands in a table of its own, for the report.
    """

    username: str | None
    attempt: int = 0
    next_attempt_at: datetime | None = None
    code: str | None = None
    doubts: int = 0
    cause: CloseCause | None = field(default=None, compare=False)

    @property
    def given_up(self) -> bool:
        """Whether nobody tries to close it any more."""
        return self.code is not None and self.next_attempt_at is None


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed; a new claim may open it again as a new life."""


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Everybody who asked for it cancelled before it was made; a new claim begins a new life."""


Standing = Pending | Ok | Erred | Closing | Closed | Unwanted


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A later claim that nobody has answered yet."""

    claim: ClaimRef
    if_exists: IfExists
    order: Order


class How(StrEnum):
    """How a claim that is not the creator's stands to the account."""

    FOLLOWER = "follower"  # shares what becomes of it; may become the creator
    MET = "met"  # found it there, and uses it
    ENDED = "ended"  # cancelled, released, or over with the life it belonged to


@dataclass(frozen=True, slots=True)
class OtherClaim:
    """A claim that has had its answer. A follower's `order` is kept while it may still be needed."""

    claim: ClaimRef
    how: How
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One account: the fold of its facts.

    `version` is that of the last provisioner fact (0: none yet); `others` are the answered claims beside the
    creator's in the order they came, `place` of them before it; `kept`: the creator gave up its claim, but
    others had one.
    """

    account_id: UUID
    project_id: UUID
    creator: ClaimRef
    order: Order
    standing: Standing = Pending()
    version: int = 0
    life: int = 1
    series: int = 1
    open_claims: tuple[OpenClaim, ...] = ()
    others: tuple[OtherClaim, ...] = ()
    place: int = 0
    kept: bool = False

    @property
    def idempotency_key(self) -> UUID:
        """The key of the current life and series of attempts."""
        return ids.idempotency_key(self.account_id, self.life, self.series)

    def knows(self, request_id: UUID) -> bool:
        """Whether a claim with this request id was seen before."""
        return (
            request_id == self.creator.request_id
            or any(other.claim.request_id == request_id for other in self.others)
            or any(open_claim.claim.request_id == request_id for open_claim in self.open_claims)
        )

    @property
    def needs_call(self) -> bool:
        """Whether the account service is to be called: to make the account, or to close it."""
        standing = self.standing
        return isinstance(standing, Pending) or (isinstance(standing, Closing) and not standing.given_up)

    @property
    def needs_answer(self) -> bool:
        """Whether a claim is to be answered. While the account is being closed they wait for the end of that."""
        return bool(self.open_claims) and not (isinstance(self.standing, Closing) and self.needs_call)

    @property
    def in_doubt(self) -> bool:
        """Whether an attempt that was recorded may have had an effect that nobody confirmed."""
        return isinstance(self.standing, Pending | Erred) and self.standing.effect_unknown


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
