"""The accounts of one batch, in memory: what came in, what is new, and how the rows with claims change."""

from collections.abc import Sequence
from uuid import UUID

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
from services.projector.accounts.evolve import evolve
from services.projector.accounts.view import AccountView, ClaimView, class_of, ending_of
from services.projector.core.model import Change, ClaimChange, Located

HANDLES = (
    AccountRequested,
    AccountRequestMet,
    AccountRequestCancelled,
    AccountCreated,
    AccountRetried,
    AccountFailed,
    AccountCloseRequested,
    AccountClosed,
    AccountCloseFailed,
    AccountKept,
)

_HANDLED = frozenset(HANDLES)


class AccountsInMemory:
    """Views by `account_id.int`; `changed` are those that differ from what was loaded."""

    def __init__(self, views: dict[int, AccountView]) -> None:
        self.views = views
        self.changed: set[int] = set()

    def apply(self, event: Located, _change: Change | None = None) -> Change | None:
        """Fold one event of an account; None if it says nothing new."""
        fact: AccountRequested | AccountFact = event.fact  # type: ignore[assignment]  # HANDLES is all that comes
        key = fact.account_id.int
        before = self.views.get(key)
        after = evolve(before, fact, event.time)
        if after is None:
            return None
        self.views[key] = after
        self.changed.add(key)
        return Change(after, _claim_changes(before, after))


def wanted(events: Sequence[Located]) -> list[UUID]:
    """The accounts that `events` are about, each once."""
    ids = {
        event.fact.account_id.int: event.fact.account_id  # type: ignore[union-attr]
        for event in events
        if type(event.fact) in _HANDLED
    }
    return list(ids.values())


def _claim_changes(before: AccountView | None, after: AccountView) -> tuple[ClaimChange, ...]:
    """Claims are only ever appended, so old and new pair up by their place."""
    claims = after.claims
    if before is None or not before.claims:
        if len(claims) == 1:  # nearly always
            return (_first(claims[0], after),)
        return tuple([_first(claim, after) for claim in claims])
    old = before.claims
    if len(claims) == len(old) == 1:  # nearly always
        return (_again(old[0], before, claims[0], after),)
    pairs = zip(old, claims, strict=False)
    again = [_again(was, before, now, after) for was, now in pairs]
    return (*again, *(_first(claim, after) for claim in claims[len(old) :]))


def _again(was: ClaimView, before: AccountView, now: ClaimView, after: AccountView) -> ClaimChange:
    return ClaimChange(
        was,
        now,
        class_of(was, before.standing),
        class_of(now, after.standing),
        ending_of(was, before),
        ending_of(now, after),
    )


def _first(claim: ClaimView, view: AccountView) -> ClaimChange:
    return ClaimChange(None, claim, None, class_of(claim, view.standing), None, ending_of(claim, view))
