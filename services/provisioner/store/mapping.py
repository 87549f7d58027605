"""Between an account and its row."""

from enum import IntEnum
from typing import Any

import asyncpg
import msgspec

from schemas.facts import ClaimRef, IfExists
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    OpenClaim,
    Order,
    OtherClaim,
    Pending,
    Standing,
    Stored,
    Unwanted,
)

NEW_COLUMNS = (
    *(
        "account_id",
        "partition",
        "project_id",
        "version",
        "state",
        "life",
        "series",
        "attempt",
        "effect_unknown",
    ),
    *("import_id", "request_id", "import_row", "revision", "course_ends", "email", "scope", "owner", "body"),
)
"""Columns of an account that was just asked for the first time."""


class State(IntEnum):
    """The column `state`."""

    PENDING = 1
    OK = 2
    ERRED = 3
    CLOSING = 4
    CLOSED = 5
    UNWANTED = 6


class _OtherClaims(msgspec.Struct, omit_defaults=True):
    """The column `other_claims`."""

    open: list[tuple[ClaimRef, IfExists, Order]] = []
    others: list[tuple[ClaimRef, How, Order | None]] = []
    place: int = 0
    kept: bool = False


_DECODE = msgspec.json.Decoder(_OtherClaims).decode


def account_of(row: asyncpg.Record) -> Account:
    """The account in a row."""
    other = _DECODE(row["other_claims"]) if row["other_claims"] is not None else _OtherClaims()
    return Account(
        account_id=row["account_id"],
        project_id=row["project_id"],
        creator=ClaimRef(
            request_id=row["request_id"],
            import_id=row["import_id"],
            row=row["import_row"],
            revision=row["revision"],
        ),
        order=Order(row["email"], row["scope"], row["owner"], row["course_ends"], row["body"]),
        standing=_standing_of(row),
        version=row["version"],
        life=row["life"],
        series=row["series"],
        open_claims=tuple(OpenClaim(*parts) for parts in other.open),
        others=tuple(OtherClaim(*parts) for parts in other.others),
        place=other.place,
        kept=other.kept,
    )


def _standing_of(row: asyncpg.Record) -> Standing:
    match State(row["state"]):
        case State.PENDING:
            return Pending(
                row["attempt"], row["next_attempt_at"], row["code"], row["effect_unknown"], row["doubts"]
            )
        case State.OK:
            return Ok(row["username"])
        case State.ERRED:
            return Erred(row["code"], row["attempt"], row["effect_unknown"])
        case State.CLOSING:
            return Closing(
                row["username"], row["attempt"], row["next_attempt_at"], row["code"], row["doubts"]
            )
        case State.CLOSED:
            return Closed()
        case State.UNWANTED:
            return Unwanted()


def new_row(stored: Stored) -> tuple[Any, ...]:
    """`NEW_COLUMNS`: pending, no attempt, no version."""
    account, claim, order = stored.account, stored.account.creator, stored.account.order
    return (
        *(account.account_id, stored.partition, account.project_id, 0, State.PENDING, 1, 1, 0, False),
        *(claim.import_id, claim.request_id, claim.row, claim.revision),
        *(order.course_ends, order.email, order.scope, order.owner, order.body),
    )


def only_stands_otherwise(before: Account, after: Account) -> bool:
    """Whether nothing changed but how the account stands: the query `record` is enough."""
    return (
        after.order is before.order
        and after.creator is before.creator
        and after.others is before.others
        and after.open_claims is before.open_claims
        and after.kept is before.kept
        and (after.life, after.series) == (before.life, before.series)
    )


def outcome_row(before: Account, after: Account) -> tuple[Any, ...]:
    """Columns of the query `record`."""
    return (after.account_id, before.version, after.version, *_standing_columns(after.standing))


def full_row(before: Account, after: Account) -> tuple[Any, ...]:
    """Columns of the query `rewrite`."""
    state, *standing = _standing_columns(after.standing)
    claim = after.creator
    return (
        after.account_id,
        before.version,
        after.version,
        state,
        after.life,
        after.series,
        *standing,
        claim.import_id,
        claim.request_id,
        claim.row,
        claim.revision,
        _other_claims(after),
        after.order.scope,
        after.order.owner,
        after.order.course_ends,
        after.order.body,
    )


def _standing_columns(standing: Standing) -> tuple[Any, ...]:
    """State, attempt, effect_unknown, next_attempt_at, code, username, doubts."""
    match standing:
        case Pending(attempt, next_attempt_at, cause, effect_unknown, doubts):
            return (State.PENDING, attempt, effect_unknown, next_attempt_at, cause, None, doubts)
        case Ok(username):
            return (State.OK, 0, False, None, None, username, 0)
        case Erred(code, attempt, effect_unknown):
            return (State.ERRED, attempt, effect_unknown, None, code, None, 0)
        case Closing(username, attempt, next_attempt_at, code, doubts):
            return (State.CLOSING, attempt, False, next_attempt_at, code, username, doubts)
        case Closed():
            return (State.CLOSED, 0, False, None, None, None, 0)
        case Unwanted():
            return (State.UNWANTED, 0, False, None, None, None, 0)


def _other_claims(account: Account) -> str | None:
    if not account.open_claims and not account.others and not account.kept:
        return None
    other = _OtherClaims(
        open=[(o.claim, o.if_exists, o.order) for o in account.open_claims],
        others=[(o.claim, o.how, o.order) for o in account.others],
        place=account.place,
        kept=account.kept,
    )
    return msgspec.json.encode(other).decode()
