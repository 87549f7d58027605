"""What a person, or the end of a course, asks of an account. Facts out, or why not; no I/O, no clock."""

from dataclasses import dataclass
from datetime import datetime

from schemas.facts import AccountClosed, AccountCloseRequested, AccountFact, AccountRetried
from schemas.facts.accounts import CloseCause
from services.provisioner.account.state import (
    Account,
    Closed,
    Closing,
    Erred,
    Ok,
    Pending,
    Unwanted,
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The account does not stand so that this can be done; a key of `schemas.codes.COMMAND_CODES` says why."""

    code: str


def retry(account: Account, *, author: str, now: datetime, course_over: bool) -> list[AccountFact] | Conflict:
    """Try once more to make an account that was given up; nothing else can be tried again.

    The key stays while an attempt may have had an effect: else the next one has a new key.
    """
    match account.standing:
        case Erred() if course_over:
            return Conflict("COURSE_ENDED")
        case Erred(code, attempt, effect_unknown):
            return [
                AccountRetried(
                    account_id=account.account_id,
                    account_version=account.version + 1,
                    claim=account.creator,
                    attempt=attempt if effect_unknown else 0,
                    cause=code,
                    next_attempt_at=now,
                    asked_by="person",
                    author=author,
                    life=account.life,
                    series=account.series if effect_unknown else account.series + 1,
                    effect="unknown" if effect_unknown else "none",
                    doubts=0,
                )
            ]
        case Pending():
            return Conflict("ACCOUNT_PENDING")
        case Ok():
            return Conflict("ACCOUNT_OK")
        case Closing() as closing:
            return Conflict("CLOSE_GIVEN_UP" if closing.given_up else "ACCOUNT_CLOSING")
        case Closed() | Unwanted():
            return Conflict("ACCOUNT_CLOSED")


def close(
    account: Account,
    *,
    cause: CloseCause,
    author: str | None,
    now: datetime,  # noqa: ARG001 - commands all take it
    untouched: bool,
) -> list[AccountFact]:
    """Close an account; nothing if it is closed, or being closed. No standing refuses it.

    Args:
        account: as it is stored, locked.
        cause: why.
        author: who asked; None: nobody did, the course is over.
        now: the time.
        untouched: whether certainly nobody has called for it yet.
    """
    version = account.version + 1
    match account.standing:
        case Erred(effect_unknown=False):
            closed = True
        case Pending(effect_unknown=False):
            closed = untouched
        case Ok() | Erred() | Pending():
            closed = False
        case Closing() as closing if closing.given_up:
            closed = False
        case Closing() | Closed() | Unwanted():
            return []
    if closed:
        return [AccountClosed(account_id=account.account_id, account_version=version, claim=account.creator)]
    return [
        AccountCloseRequested(
            account_id=account.account_id,
            account_version=version,
            claim=account.creator,
            cause=cause,
            author=author,
        )
    ]
