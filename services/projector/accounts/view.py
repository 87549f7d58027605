"""One account as the read models see it, and the class of each row that has a claim on it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from schemas.row_class import Claim, RowClass, Standing, row_class


class Phase(StrEnum):
    """What an account that is not at rest is doing; stored and shown."""

    QUEUED = "queued"
    RETRY_SCHEDULED = "retry_scheduled"
    WAITING_FOR_ACCOUNT_SERVICE = "waiting_for_account_service"  # only when read: the target is paused
    CLOSING = "closing"
    CLOSE_FAILED = "close_failed"


class Ending(StrEnum):
    """What an undo of its import comes to for a row; the one rule is `ending_of`."""

    OPEN = "open"  # there is, or may be, an account that the undo still has to answer for
    KEPT = "kept"  # it was left alone
    FAILED = "failed"  # it could not be closed, and nobody tries any more


class ClaimView(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row's claim and how it stands.

    `pinned` replaces the standing of the account for this row alone: `pending` while nobody has answered a
    later claim, `closed` for a claim that ended with an earlier life of the account. `kept` is why an undo left
    the account alone; such a claim is given up.
    """

    import_id: UUID
    row: int
    revision: int
    claim: Claim
    pinned: Standing | None = None
    kept: str | None = None

    @property
    def live(self) -> bool:
        """Whether the row still shares the fate of the account, or wants to."""
        return self.pinned is not _CLOSED and (self.claim is _CREATOR or self.claim is _FOLLOWER)


class Origin(msgspec.Struct, frozen=True, gc=False):
    """What the first claim said; it never changes, so it is written once."""

    project_id: UUID
    email: str
    description: str
    requested_by: str
    created: datetime


class AccountView(msgspec.Struct, frozen=True, gc=False):
    """The fold of one account's events. `version` 0: nothing but requests so far."""

    account_id: UUID
    modified: datetime
    version: int = 0
    standing: Standing = Standing.PENDING
    phase: Phase | None = Phase.QUEUED
    username: str | None = None
    code: str | None = None
    message: str | None = None
    can_retry: bool = False
    attempts: int = 0
    next_attempt_at: datetime | None = None
    expires_at: datetime | None = None
    life: int = 1
    claims: tuple[ClaimView, ...] = ()
    uncertain: bool = False
    """It failed, and may exist at the account service all the same."""
    close_code: str | None = None
    """Why it could not be closed."""
    requested: bool = False
    """Whether a request was folded: until then nobody knows whose account it is, and lists leave it out."""
    origin: Origin | None = None
    """Set while it still has to be written."""


# Looking a member up in its enumeration takes ten times as long as looking up a name.
_OK, _CLOSED = Standing.OK, Standing.CLOSED
_CREATOR, _FOLLOWER = Claim.CREATOR, Claim.FOLLOWER
_OPEN, _KEPT, _FAILED = Ending.OPEN, Ending.KEPT, Ending.FAILED
_CLOSING, _CLOSE_FAILED = Phase.CLOSING, Phase.CLOSE_FAILED

ROW_CLASSES: dict[tuple[Claim, Standing], RowClass] = {
    (claim, standing): row_class(claim, standing) for claim in Claim for standing in Standing
}
"""The one rule, tabulated: for the fold, and as a table for SQL to join (never to re-state)."""


def class_of(claim: ClaimView, standing: Standing) -> RowClass:
    """The class of the row behind `claim`."""
    return ROW_CLASSES[claim.claim, claim.pinned or standing]


def ending_of(claim: ClaimView, view: AccountView) -> Ending | None:
    """What an undo of its import comes to for the row behind `claim`; None if there is nothing to close.

    Only the row for which an account was made answers for it.
    """
    if claim.claim is not _CREATOR or claim.pinned is not None or view.standing is _CLOSED:
        return None
    there = view.standing is _OK or view.uncertain
    if claim.kept is not None:
        return _KEPT if there else None
    if view.phase is None:  # nearly always
        return _OPEN if there else None
    if view.phase is _CLOSE_FAILED and view.next_attempt_at is None:
        return _FAILED
    return _OPEN if there or view.phase in (_CLOSING, _CLOSE_FAILED) else None
