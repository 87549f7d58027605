"""Claims that are given up: stopped before anything was done, or released afterwards. Facts in, facts out."""

from collections.abc import Container
from datetime import datetime
from typing import Literal
from uuid import UUID

from schemas.facts import (
    AccountClosed,
    AccountCloseRequested,
    AccountFact,
    AccountKept,
    AccountRequestCancelled,
    ClaimRef,
)
from services.provisioner.account.decide import answer_claims
from services.provisioner.account.evolve import evolve
from services.provisioner.account.state import (
    Account,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    Pending,
    Unwanted,
)

Cause = Literal["undo", "correction"]
Fate = Literal["close", "kept", "ended", "nothing", "pending"]
"""What giving up a claim comes to. `pending`: it cannot be said yet; `ended`: only the claim ends."""


def stop(
    account: Account, stopped: Container[UUID], now: datetime, *, no_effect: bool
) -> tuple[list[AccountFact], Account]:
    """Cancel what stopped imports asked for and nothing was done for; with the account after that.

    `no_effect` says that certainly no call was made which nobody recorded; without it, or with a recorded
    attempt that is in doubt, the creator's claim stays until that is settled.
    """
    facts, after = told(account, answer_claims(account, now, stopped))
    while isinstance(after.standing, Pending):
        claim = _next_stopped(after, stopped, creator=no_effect and not after.in_doubt)
        if claim is None:
            break
        fact = AccountRequestCancelled(
            account_id=after.account_id, account_version=after.version + 1, claim=claim
        )
        facts.append(fact)
        after = evolve(after, fact) or after
    return facts, after


def _next_stopped(account: Account, stopped: Container[UUID], *, creator: bool) -> ClaimRef | None:
    """Followers first: none of them must inherit what it does not want."""
    for other in account.others:
        if other.how is How.FOLLOWER and other.claim.import_id in stopped:
            return other.claim
    return account.creator if creator and account.creator.import_id in stopped else None


def fate(account: Account | None, request_id: UUID, cause: Cause) -> Fate:
    """What giving up the claim `request_id` comes to."""
    if account is None:
        return "nothing"
    if request_id != account.creator.request_id:
        live = _live(account)
        if request_id not in live:
            return "nothing"
        # The creator gave up before, and this is the last that used it.
        return "close" if account.kept and len(live) == 1 and isinstance(account.standing, Ok) else "ended"
    match account.standing:
        case Pending():
            return "pending"
        case Closing() | Closed() | Unwanted():
            return "nothing"
        case Erred(effect_unknown=False) if cause == "undo":
            return "nothing"
        case Ok() | Erred():
            if not _live(account):
                return "close"
            return "nothing" if account.kept else "kept"


def release(account: Account, request_id: UUID, cause: Cause, author: str) -> list[AccountFact]:
    """Give up one claim. Nobody else's: the account is closed; nothing was made: that needs no call."""
    claim = _claim(account, request_id)
    version = account.version + 1
    match fate(account, request_id, cause):
        case "close" if isinstance(account.standing, Erred) and not account.standing.effect_unknown:
            return [AccountClosed(account_id=account.account_id, account_version=version, claim=claim)]
        case "close" if claim is not account.creator:
            return [_ended(account, claim), _closing(account, version + 1, cause, author)]
        case "close":
            return [_closing(account, version, cause, author)]
        case "kept":
            return [_kept(account, claim, "other_claim")]
        case "ended":
            return [_ended(account, claim)]
        case "nothing" | "pending":
            return []


def claims_of(account: Account, import_id: UUID) -> list[UUID]:
    """The request ids of an import's claims on an account."""
    claims = [
        account.creator,
        *(o.claim for o in account.others if o.how is not How.ENDED),
        *(o.claim for o in account.open_claims),
    ]
    return [claim.request_id for claim in claims if claim.import_id == import_id]


def told(account: Account, facts: list[AccountFact]) -> tuple[list[AccountFact], Account]:
    """The facts, and the account once they are folded."""
    after = account
    for fact in facts:
        after = evolve(after, fact) or after
    return facts, after


def _live(account: Account) -> list[UUID]:
    """The claims beside the creator's that still want the account, or an answer."""
    answered = [o.claim.request_id for o in account.others if o.how is not How.ENDED]
    return [*answered, *(o.claim.request_id for o in account.open_claims)]


def _closing(account: Account, version: int, cause: Cause, author: str) -> AccountFact:
    return AccountCloseRequested(
        account_id=account.account_id,
        account_version=version,
        claim=account.creator,
        cause=cause,
        author=author,
    )


def _ended(account: Account, claim: ClaimRef) -> AccountFact:
    if any(o.claim.request_id == claim.request_id for o in account.open_claims):
        return AccountRequestCancelled(
            account_id=account.account_id, account_version=account.version + 1, claim=claim
        )
    return _kept(account, claim, "not_creator")


def _kept(account: Account, claim: ClaimRef, reason: Literal["other_claim", "not_creator"]) -> AccountFact:
    return AccountKept(
        account_id=account.account_id, account_version=account.version + 1, claim=claim, reason=reason
    )


def _claim(account: Account, request_id: UUID) -> ClaimRef:
    others = (*(o.claim for o in account.others), *(o.claim for o in account.open_claims))
    return next((claim for claim in others if claim.request_id == request_id), account.creator)
