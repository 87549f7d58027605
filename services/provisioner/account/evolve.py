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
from services.provisioner.account.state import Account, Closed, Closing, Erred, Ok, OpenClaim, Pending


def evolve(account: Account | None, fact: AccountRequested | AccountFact) -> Account | None:
    """The account after `fact`; None if there is none (an outcome without any request before it)."""
    if isinstance(fact, AccountRequested):
        return _claimed(account, fact)
    if account is None or fact.account_version <= account.version:
        return account
    return replace(_changed(account, fact), version=fact.account_version)


def _claimed(account: Account | None, fact: AccountRequested) -> Account:
    if account is None:
        return Account(fact.account_id, fact.claim, order_of(fact))
    if account.knows(fact.claim.request_id):
        return account
    open_claim = OpenClaim(fact.claim, fact.if_exists, order_of(fact))
    return replace(account, open_claims=(*account.open_claims, open_claim))


def _changed(account: Account, fact: AccountFact) -> Account:
    match fact:
        case AccountRequestMet() | AccountRequestCancelled() | AccountKept():
            return _answered(account, fact.claim)
        case AccountCreated():
            return replace(account, standing=Ok(fact.personal.username))
        case AccountRetried():
            return _retried(account, fact)
        case AccountFailed():
            return replace(account, standing=Erred(fact.code, fact.attempt, fact.effect == "unknown"))
        case AccountCloseRequested():
            username = account.standing.username if isinstance(account.standing, Ok) else None
            return replace(account, standing=Closing(username))
        case AccountCloseFailed():
            return account
        case AccountClosed():
            return replace(account, standing=Closed())
        case _:
            return account


def _answered(account: Account, claim: ClaimRef) -> Account:
    """A claim has had its answer; the creator's own stays the creator's."""
    if claim.request_id == account.creator.request_id:
        return account
    return replace(
        account,
        open_claims=tuple(o for o in account.open_claims if o.claim.request_id != claim.request_id),
        answered=(*account.answered, claim.request_id),
    )


def _retried(account: Account, fact: AccountRetried) -> Account:
    """Another attempt. One that a later claim asked for makes that claim the creator."""
    was_unknown = isinstance(account.standing, Pending | Erred) and account.standing.effect_unknown
    same_series = (fact.life, fact.series) == (account.life, account.series)
    standing = Pending(
        attempt=fact.attempt,
        next_attempt_at=fact.next_attempt_at,
        cause=fact.cause,
        effect_unknown=fact.effect == "unknown" or (was_unknown and same_series),
    )
    changed = replace(account, standing=standing, life=fact.life, series=fact.series)
    if fact.claim.request_id == account.creator.request_id:
        return changed
    former = account.creator.request_id
    return replace(
        _answered(changed, fact.claim),
        creator=fact.claim,
        order=_order_now(account, fact.claim, same_series=same_series),
        answered=(*(r for r in account.answered if r != fact.claim.request_id), former),
    )


def _order_now(account: Account, claim: ClaimRef, *, same_series: bool) -> Order:
    """The order of the claim that takes over. Under the same key the body must stay; the course's end need not."""
    for open_claim in account.open_claims:
        if open_claim.claim.request_id == claim.request_id:
            if same_series:
                return replace(account.order, course_ends=open_claim.order.course_ends)
            return open_claim.order
    return account.order
