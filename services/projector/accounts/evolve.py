"""How facts change an account. Total: late, repeated and impossible facts change nothing, and nothing raises."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

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
    ClaimRef,
)
from schemas.row_class import Claim, Standing
from services.projector.accounts.view import AccountView, ClaimView, Origin, Phase
from services.projector.core.moments import moment, optional_moment

# Looking a member up in its enumeration takes ten times as long as looking up a name.
_CREATOR, _FOLLOWER = Claim.CREATOR, Claim.FOLLOWER
_OK, _PENDING, _CLOSED = Standing.OK, Standing.PENDING, Standing.CLOSED


def evolve(
    view: AccountView | None, fact: AccountRequested | AccountFact, time: datetime
) -> AccountView | None:
    """The account after `fact`, or None if the fact says nothing new."""
    if isinstance(fact, AccountRequested):
        return _claimed(view, fact, time)
    if view is None:
        view = AccountView(fact.account_id, time)
    elif fact.account_version <= view.version:
        return None
    fields = _STEPS[type(fact)](view, fact)
    fields["version"] = fact.account_version
    if time > view.modified:
        fields["modified"] = time
    return replace(view, **fields)


def _claimed(view: AccountView | None, fact: AccountRequested, time: datetime) -> AccountView | None:
    ref = fact.claim
    first = ClaimView(ref.import_id, ref.row, ref.revision, _CREATOR)
    if view is None:
        return AccountView(fact.account_id, time, claims=(first,), requested=True, origin=_origin(fact, time))
    for claim in view.claims:
        if _same(claim, ref):
            return None
    if not view.claims:  # the log is out of order: an outcome came before what asked for it
        return replace(view, claims=(first,), requested=True, origin=_origin(fact, time))
    claims = _ended(view.claims) if view.standing is _CLOSED else view.claims
    # A later claim waits for the provisioner's answer, whatever the account looks like meanwhile.
    asking = ClaimView(ref.import_id, ref.row, ref.revision, _FOLLOWER, _PENDING)
    return replace(view, claims=(*claims, asking), modified=max(time, view.modified))


def _origin(fact: AccountRequested, time: datetime) -> Origin:
    personal = fact.personal
    return Origin(fact.project.project_id, personal.email, personal.description, fact.requested_by, time)


_Fields = dict[str, Any]
"""The fields of a view that change; made anew by every step."""


def _met(view: AccountView, fact: AccountRequestMet) -> _Fields:
    stands = _FOLLOWER if fact.found == "pending" else Claim.MET
    return {
        "claims": tuple(
            replace(c, claim=stands, pinned=None) if _same(c, fact.claim) and _open(c) else c
            for c in view.claims
        )
    }


def _cancelled(view: AccountView, fact: AccountRequestCancelled) -> _Fields:
    claims = [
        replace(c, claim=Claim.CANCELLED, pinned=None) if _same(c, fact.claim) and c.live else c
        for c in view.claims
    ]
    if not any(c.live and c.claim is _CREATOR for c in claims):
        heir = next((i for i, c in enumerate(claims) if c.live and c.pinned is None and c.kept is None), None)
        if heir is not None:
            claims[heir] = replace(claims[heir], claim=_CREATOR)
        elif view.standing in (_PENDING, Standing.WAITING):
            # Nobody wants it any more, and it was never made.
            return {**_NO_TROUBLE, "claims": tuple(claims), "standing": _CLOSED, "phase": None}
    return {"claims": tuple(claims)}


def _created(view: AccountView, fact: AccountCreated) -> _Fields:
    fields: _Fields = {
        "standing": _OK,
        "phase": None,
        "username": fact.personal.username,
        "expires_at": optional_moment(fact.expires_at),
        "attempts": fact.attempt,
        "claims": _created_for(view.claims, fact.claim),
    }
    return (
        fields if view.version == 0 else fields | _NO_TROUBLE
    )  # the first fact mostly, so there was no trouble


def _retried(view: AccountView, fact: AccountRetried) -> _Fields:
    claims = view.claims
    if fact.life > view.life:
        claims = tuple(c if _same(c, fact.claim) or not c.live or _asking(c) else _end(c) for c in claims)
    by_itself = fact.asked_by == "policy"
    return {
        **_NO_TROUBLE,
        "standing": Standing.WAITING if by_itself else _PENDING,
        "phase": Phase.RETRY_SCHEDULED if by_itself else Phase.QUEUED,
        "code": fact.cause if by_itself else None,
        "attempts": fact.attempt,
        "next_attempt_at": moment(fact.next_attempt_at),
        "life": max(fact.life, view.life),
        "claims": _created_for(claims, fact.claim),
    }


def _failed(view: AccountView, fact: AccountFailed) -> _Fields:
    return {
        "standing": Standing.ERRED,
        "phase": None,
        "code": fact.code,
        "message": fact.message,
        "uncertain": fact.effect == "unknown",
        "can_retry": fact.can_retry,
        "attempts": fact.attempt,
        "next_attempt_at": None,
        "claims": _created_for(view.claims, fact.claim),
    }


def _closing(_view: AccountView, _fact: AccountCloseRequested) -> _Fields:
    return {"phase": Phase.CLOSING, "next_attempt_at": None, "close_code": None}


def _closed(_view: AccountView, _fact: AccountClosed) -> _Fields:
    return {"standing": _CLOSED, "phase": None, **_NO_TROUBLE}


def _close_failed(_view: AccountView, fact: AccountCloseFailed) -> _Fields:
    return {
        "phase": Phase.CLOSE_FAILED,
        "next_attempt_at": optional_moment(fact.next_attempt_at),
        "close_code": fact.code,
    }


def _kept(view: AccountView, fact: AccountKept) -> _Fields:
    return {"claims": tuple(replace(c, kept=fact.reason) if _same(c, fact.claim) else c for c in view.claims)}


_NO_TROUBLE: dict[str, Any] = {
    "code": None,
    "message": None,
    "can_retry": False,
    "next_attempt_at": None,
    "uncertain": False,
    "close_code": None,
}

_STEPS: dict[type[AccountFact], Callable[[AccountView, Any], _Fields]] = {
    AccountRequestMet: _met,
    AccountRequestCancelled: _cancelled,
    AccountCreated: _created,
    AccountRetried: _retried,
    AccountFailed: _failed,
    AccountCloseRequested: _closing,
    AccountClosed: _closed,
    AccountCloseFailed: _close_failed,
    AccountKept: _kept,
}


def _created_for(claims: tuple[ClaimView, ...], ref: ClaimRef) -> tuple[ClaimView, ...]:
    """The claims once the provisioner has said for whom the account is made."""
    for claim in claims:
        if _same(claim, ref):
            if not claim.live or (claim.claim is _CREATOR and claim.pinned is None):
                return claims
            break
    else:
        return claims
    return tuple(
        replace(c, claim=_CREATOR, pinned=None)
        if _same(c, ref)
        else (replace(c, claim=_FOLLOWER) if c.live and c.claim is _CREATOR else c)
        for c in claims
    )


def _ended(claims: tuple[ClaimView, ...]) -> tuple[ClaimView, ...]:
    return tuple(_end(c) if c.live and not _asking(c) else c for c in claims)


def _end(claim: ClaimView) -> ClaimView:
    return replace(claim, pinned=_CLOSED)


def _asking(claim: ClaimView) -> bool:
    return claim.pinned is _PENDING


def _open(claim: ClaimView) -> bool:
    return claim.live and claim.claim is _FOLLOWER


def _same(claim: ClaimView, ref: ClaimRef) -> bool:
    return claim.row == ref.row and claim.import_id == ref.import_id and claim.revision == ref.revision
