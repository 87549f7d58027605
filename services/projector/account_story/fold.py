"""Every event that was news to its account, as one short line each."""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountKept,
    AccountRequestCancelled,
    AccountRequested,
    AccountRequestMet,
    AccountRetried,
)
from services.projector.accounts.fold import HANDLES as ABOUT_ACCOUNTS
from services.projector.core.model import Change, Located
from services.projector.core.moments import moment, optional_moment

HANDLES = ABOUT_ACCOUNTS

_LONGEST_DETAIL = 1000
_new: Any = tuple.__new__  # a third of the time of a NamedTuple's own
_to_json = msgspec.json.Encoder().encode


class Kind(IntEnum):
    """What happened. The numbers are stored: never change one, only add."""

    REQUESTED = 1
    MET = 2
    CANCELLED = 3
    CREATED = 4
    RETRIED = 5
    FAILED = 6
    CLOSE_REQUESTED = 7
    CLOSED = 8
    CLOSE_FAILED = 9
    KEPT = 10


class Entry(NamedTuple):
    """One event of a story, as it is stored."""

    account_id: UUID
    version: int
    claims: int
    time: datetime
    import_id: UUID
    row: int
    kind: int
    data: bytes


class StoriesInMemory:
    """What one batch adds. Whether an event is news was decided by `accounts`, so nothing has to be loaded."""

    def __init__(self) -> None:
        self.told: list[Entry] = []

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Tell one event, if it is news."""
        if change is not None:
            fact: AccountRequested | AccountFact = event.fact  # type: ignore[assignment]  # HANDLES is all that comes
            kind, said = _TOLD[type(fact)]
            view, claim = change.view, fact.claim
            data = b"" if said is None else _to_json(said(fact))
            # Every news raises the version or adds a claim, so the two together order the story.
            self.told.append(
                _new(
                    Entry,
                    (
                        fact.account_id,
                        view.version,
                        len(view.claims),
                        event.time,
                        claim.import_id,
                        claim.row,
                        kind,
                        data,
                    ),
                )
            )
        return change


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What an event said besides its claim: `by` whom, then the fields of the facts. Stored and shown as JSON."""

    by: str | None = None
    username: str | None = None
    found: str | None = None
    asked_by: str | None = None
    cause: str | None = None
    reason: str | None = None
    code: str | None = None
    message: str | None = None
    detail: str | None = None
    effect: str | None = None
    can_retry: bool | None = None
    adopted: bool = False
    attempts: int = 1
    revision: int = 0
    life: int = 1
    next_attempt: datetime | None = None
    expires: datetime | None = None


def _requested(fact: AccountRequested) -> Said:
    return Said(by=fact.requested_by, revision=fact.claim.revision)


def _met(fact: AccountRequestMet) -> Said:
    return Said(found=fact.found)


def _created(fact: AccountCreated) -> Said:
    return Said(
        username=fact.personal.username,
        attempts=fact.attempt,
        expires=optional_moment(fact.expires_at),
        adopted=fact.adopted,
    )


def _retried(fact: AccountRetried) -> Said:
    return Said(
        by=fact.author,
        asked_by=fact.asked_by,
        code=fact.cause,
        attempts=fact.attempt,
        next_attempt=moment(fact.next_attempt_at),
        life=fact.life,
    )


def _failed(fact: AccountFailed) -> Said:
    return Said(
        code=fact.code,
        message=fact.message or None,
        detail=fact.personal.detail[:_LONGEST_DETAIL] or None,
        attempts=fact.attempt,
        can_retry=fact.can_retry,
        effect=fact.effect,
    )


def _close_requested(fact: AccountCloseRequested) -> Said:
    return Said(by=fact.author, cause=fact.cause)


def _close_failed(fact: AccountCloseFailed) -> Said:
    return Said(code=fact.code, attempts=fact.attempt, next_attempt=optional_moment(fact.next_attempt_at))


def _kept(fact: AccountKept) -> Said:
    return Said(reason=fact.reason)


_TOLD: dict[type, tuple[Kind, Callable[[Any], Said] | None]] = {
    AccountRequested: (Kind.REQUESTED, _requested),
    AccountRequestMet: (Kind.MET, _met),
    AccountRequestCancelled: (Kind.CANCELLED, None),
    AccountCreated: (Kind.CREATED, _created),
    AccountRetried: (Kind.RETRIED, _retried),
    AccountFailed: (Kind.FAILED, _failed),
    AccountCloseRequested: (Kind.CLOSE_REQUESTED, _close_requested),
    AccountClosed: (Kind.CLOSED, None),
    AccountCloseFailed: (Kind.CLOSE_FAILED, _close_failed),
    AccountKept: (Kind.KEPT, _kept),
}
