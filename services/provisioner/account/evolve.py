"""How facts change an account. Total: late, repeated and unknown facts change nothing, and nothing raises."""

from dataclasses import replace

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
from services.provisioner.account.order import Order, order_of
from services.provisioner.account.state import (
    Account,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    OpenClaim,
    OtherClaim,
    Pending,
    Unwanted,
)


def evolve(account: Account | None, fact: AccountRequested | AccountFact) -> Account | None:
    """The account after `fact`; None if there is none (an outcome without any request before it)."""
    if isinstance(fact, AccountRequested):
        return _claimed(account, fact)
    if account is None or fact.account_version <= account.version:
        return account
    if isinstance(fact, AccountCreated) and not account.others:  # nearly always: one copy instead of two
        return replace(account, standing=Ok(fact.personal.username), version=fact.account_version)
    return replace(_changed(account, fact), version=fact.account_version)


def _claimed(account: Account | None, fact: AccountRequested) -> Account:
    if account is None:
        return Account(fact.account_id, fact.project.project_id, fact.claim, order_of(fact))
    if account.knows(fact.claim.request_id):
        return account
    open_claim = OpenClaim(fact.claim, fact.if_exists, order_of(fact))
    return replace(account, open_claims=(*account.open_claims, open_claim))


def _changed(account: Account, fact: AccountFact) -> Account:
    match fact:
        case AccountRequestMet():
            return _met(account, fact)
        case AccountRequestCancelled():
            return _cancelled(account, fact.claim)
        case AccountKept() if fact.claim.request_id == account.creator.request_id:
            return replace(account, kept=True)
        case AccountKept():
            return _answered(account, fact.claim, How.ENDED)
        case AccountCreated():
            # No order is needed again: without a claim that may still take over under another key.
            others = account.others
            if others:
                others = tuple(replace(o, order=None) if o.order else o for o in others)
            return replace(account, standing=Ok(fact.personal.username), others=others)
        case AccountRetried():
            return _retried(account, fact)
        case AccountFailed():
            return replace(account, standing=Erred(fact.code, fact.attempt, fact.effect == "unknown"))
        case AccountCloseRequested():
            username = account.standing.username if isinstance(account.standing, Ok | Closing) else None
            return replace(account, standing=Closing(username, cause=fact.cause))
        case AccountCloseFailed():
            return _close_failed(account, fact)
        case AccountClosed():
            ended = account.others
            if ended:
                ended = tuple(OtherClaim(other.claim, How.ENDED) for other in ended)
            return replace(account, standing=Closed(), others=ended, kept=False)
        case _:
            return account


def _met(account: Account, fact: AccountRequestMet) -> Account:
    how = How.FOLLOWER if fact.found == "pending" else How.MET
    met = _answered(account, fact.claim, how)
    standing = met.standing
    if fact.found == "ok" and isinstance(standing, Closing) and standing.given_up and standing.username:
        # It could not be closed, and somebody uses it now.
        return replace(met, standing=Ok(standing.username))
    return met


def _answered(account: Account, claim: ClaimRef, how: How) -> Account:
    """A claim has had its answer, or another one; the creator's own stays the creator's."""
    if claim.request_id == account.creator.request_id:
        return account
    order = next((o.order for o in account.open_claims if o.claim.request_id == claim.request_id), None)
    order = order if how is How.FOLLOWER else None
    others = account.others
    if any(o.claim.request_id == claim.request_id for o in others):
        others = tuple(
            OtherClaim(claim, how, order or o.order if how is How.FOLLOWER else None)
            if o.claim.request_id == claim.request_id
            else o
            for o in others
        )
    else:
        others = (*others, OtherClaim(claim, how, order))
    return replace(account, others=others, open_claims=_without(account, claim))


def _cancelled(account: Account, claim: ClaimRef) -> Account:
    """A claim was stopped. The creator's passes to the first follower, else nobody wants the account."""
    if claim.request_id != account.creator.request_id:
        return _answered(account, claim, How.ENDED)
    standing = account.standing
    if not isinstance(standing, Pending):
        return account
    heir = next((other for other in account.others if other.how is How.FOLLOWER), None)
    if heir is None:
        return replace(account, standing=Unwanted())
    taken = _taken_over(account, heir.claim, How.ENDED)
    if standing.effect_unknown or heir.order is None:
        return taken
    # Nothing was done under the old key: the heir's own words go out, under a new one.
    return replace(taken, standing=Pending(), series=account.series + 1, order=heir.order)


def _retried(account: Account, fact: AccountRetried) -> Account:
    """Another attempt. One that a later claim asked for makes that claim the creator."""
    was_unknown = account.in_doubt
    same_series = (fact.life, fact.series) == (account.life, account.series)
    standing = Pending(
        attempt=fact.attempt,
        next_attempt_at=fact.next_attempt_at,
        cause=fact.cause,
        effect_unknown=fact.effect == "unknown" or (was_unknown and same_series),
        doubts=fact.doubts,
    )
    changed = replace(account, standing=standing, life=fact.life, series=fact.series)
    if fact.claim.request_id == account.creator.request_id:
        return changed
    shared = fact.life == account.life and not _corrects(fact.claim, account.creator)
    former = How.FOLLOWER if shared else How.ENDED
    order = _order_now(account, fact.claim, same_series=same_series)
    return replace(_taken_over(changed, fact.claim, former), order=order)


def _corrects(claim: ClaimRef, earlier: ClaimRef) -> bool:
    """Whether it is the same row again, corrected: then the earlier wish is over."""
    return (claim.import_id, claim.row) == (earlier.import_id, earlier.row)


def _taken_over(account: Account, claim: ClaimRef, former: How) -> Account:
    """Another claim is the creator; the former creator's keeps its place among the others."""
    order = account.order if former is How.FOLLOWER else None
    others = list(account.others)
    others.insert(account.place, OtherClaim(account.creator, former, order))
    place = next((i for i, o in enumerate(others) if o.claim.request_id == claim.request_id), len(others))
    del others[place : place + 1]
    return replace(
        account,
        creator=claim,
        others=tuple(others),
        place=place,
        kept=False,
        open_claims=_without(account, claim),
    )


def _close_failed(account: Account, fact: AccountCloseFailed) -> Account:
    closing = account.standing
    if not isinstance(closing, Closing):
        return account
    failed = Closing(
        closing.username, fact.attempt, fact.next_attempt_at, fact.code, fact.doubts, closing.cause
    )
    return replace(account, standing=failed)


def _without(account: Account, claim: ClaimRef) -> tuple[OpenClaim, ...]:
    if not account.open_claims:
        return account.open_claims
    return tuple(o for o in account.open_claims if o.claim.request_id != claim.request_id)


def _order_now(account: Account, claim: ClaimRef, *, same_series: bool) -> Order:
    """The order of the claim that takes over. Under the same key the body must stay; the course's end need not."""
    for open_claim in account.open_claims:
        if open_claim.claim.request_id == claim.request_id:
            if same_series:
                return replace(account.order, course_ends=open_claim.order.course_ends)
            return open_claim.order
    return account.order
