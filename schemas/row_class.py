"""The class of a row: the one function behind every count, list and equation (design.md, "Facts on the log").

Its domain is small and finite, so that readers may tabulate it; nobody re-states it.
"""

from enum import StrEnum


class RowClass(StrEnum):
    """What became of a row so far. `rows` of an import is always the sum over these."""

    CREATED = "created"
    FAILED = "failed"
    PENDING = "pending"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    EXISTING = "existing"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


class Claim(StrEnum):
    """How a row stands to its account."""

    INVALID = "invalid"  # asks for nothing: the row is not acceptable
    DUPLICATE = "duplicate"  # asks for nothing: another row of the import has the address
    CREATOR = "creator"  # the account is made for this row
    FOLLOWER = "follower"  # another claim was making it when this one came
    MET = "met"  # the account was there, nothing was done
    CANCELLED = "cancelled"  # stopped before anything was done


class Standing(StrEnum):
    """How an account stands, as far as its rows care."""

    PENDING = "pending"
    WAITING = "waiting"  # a retry is scheduled, or the target is paused
    OK = "ok"
    ERRED = "erred"
    CLOSED = "closed"


FINAL = frozenset(RowClass) - {RowClass.PENDING, RowClass.WAITING}
"""Classes in which a row waits for nothing more."""


def row_class(claim: Claim, account: Standing) -> RowClass:
    """The class of a row; first match wins, in the order of the design."""
    match claim:
        case Claim.INVALID:
            return RowClass.INVALID
        case Claim.DUPLICATE:
            return RowClass.DUPLICATE
        case Claim.MET:
            return RowClass.EXISTING
        case Claim.CANCELLED:
            return RowClass.CANCELLED
        case Claim.CREATOR | Claim.FOLLOWER:
            return _by_account(claim, account)


def _by_account(claim: Claim, account: Standing) -> RowClass:
    match account:
        case Standing.CLOSED:
            return RowClass.CLOSED
        case Standing.OK:
            return RowClass.CREATED if claim is Claim.CREATOR else RowClass.EXISTING
        case Standing.ERRED:
            return RowClass.FAILED
        case Standing.WAITING:
            return RowClass.WAITING
        case Standing.PENDING:
            return RowClass.PENDING
