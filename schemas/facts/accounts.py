"""Facts of an account, published by the provisioner: the only writer of what becomes of it."""

from typing import ClassVar, Literal
from uuid import UUID

from schemas import ids
from schemas.facts.base import AccountVersion, ClaimRef, Count, Fact, Few, Moment, Positive, value

Effect = Literal["none", "unknown"]
AskedBy = Literal["policy", "person", "claim"]
CloseCause = Literal["request", "undo", "course_ended", "project_deleted", "correction"]
Found = Literal["ok", "pending", "erred", "closed"]


@value
class AccountFact(Fact):
    """A fact about one account. `claim` is the claim it answers: the creator's, unless said otherwise."""

    account_id: UUID
    account_version: AccountVersion
    claim: ClaimRef

    @property
    def event_id(self) -> UUID:
        """One per account and version."""
        return ids.account_event_id(self.account_id, self.account_version)

    @property
    def subject(self) -> UUID:
        """The account."""
        return self.account_id

    @property
    def correlation_id(self) -> UUID:
        """The import of the claim."""
        return self.claim.import_id


@value
class AccountRequestMet(AccountFact):
    """A later claim found the account already there, or being made by another import."""

    TYPE: ClassVar[str] = "org.course-accounts.account-request-met.v1"

    found: Found


@value
class AccountRequestCancelled(AccountFact):
    """A claim was stopped before anything was done for it. The creator's passes to the oldest that follows it."""

    TYPE: ClassVar[str] = "org.course-accounts.account-request-cancelled.v1"


@value
class CreatedPersonal:
    """The name of the account at the account service."""

    username: str


@value
class AccountCreated(AccountFact):
    """The account exists at the account service; `adopted`: it was already there, and ours."""

    TYPE: ClassVar[str] = "org.course-accounts.account-created.v1"

    attempt: Positive
    created_at: Moment
    expires_at: Moment | None = None
    adopted: bool = False
    personal: CreatedPersonal


@value
class AccountRetried(AccountFact):
    """Another attempt will be made: by the policy after a transient failure, or because somebody asked.

    `attempt` counts the attempts made before; `series` rises when the next call needs a new idempotency key,
    `life` when a closed account is opened again; `effect: unknown` if some attempt of the series may have had one;
    `doubts` of them ended without an answer although the account service was up: too many, and it is given up.
    """

    TYPE: ClassVar[str] = "org.course-accounts.account-retried.v2"

    attempt: Count
    cause: str
    next_attempt_at: Moment
    asked_by: AskedBy
    author: str | None = None
    life: Positive
    series: Positive
    effect: Effect
    doubts: Few


@value
class FailedPersonal:
    """What the account service said, word for word: it may quote the address."""

    detail: str = ""


@value
class AccountFailed(AccountFact):
    """No further attempt by itself. `effect: unknown` means the account may exist all the same."""

    TYPE: ClassVar[str] = "org.course-accounts.account-failed.v1"

    attempt: Count
    code: str
    message: str
    can_retry: bool
    effect: Effect
    personal: FailedPersonal = FailedPersonal()


@value
class AccountCloseRequested(AccountFact):
    """The account shall be closed."""

    TYPE: ClassVar[str] = "org.course-accounts.account-close-requested.v1"

    cause: CloseCause
    author: str | None = None


@value
class AccountClosed(AccountFact):
    """The account service confirmed that the account is closed, or never had it."""

    TYPE: ClassVar[str] = "org.course-accounts.account-closed.v1"


@value
class AccountCloseFailed(AccountFact):
    """An attempt to close failed; another follows at `next_attempt_at`, without it none does by itself.

    `doubts` counts the attempts that say something: refused, or not answered although the account service was up.
    """

    TYPE: ClassVar[str] = "org.course-accounts.account-close-failed.v1"

    attempt: Positive
    code: str
    next_attempt_at: Moment | None = None
    doubts: Few = 0


@value
class AccountKept(AccountFact):
    """A claim was given up, but the account is left alone, and why."""

    TYPE: ClassVar[str] = "org.course-accounts.account-kept.v1"

    reason: Literal["other_claim", "not_creator", "not_created"]
