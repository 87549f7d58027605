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
from services.projector.accounts.view import AccountView, class_of
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
    """Views by account; `changed` are those that differ from what was loaded."""

    def __init__(self, views: dict[UUID, AccountView]) -> None:
        self.views = views
        self.changed: set[UUID] = set()

    def apply(self, event: Located, _change: Change | None = None) -> Change | None:
        """Fold one event of an account; None if it says nothing new."""
        fact = event.fact
        assert isinstance(fact, AccountRequested | AccountFact)  # noqa: S101 - HANDLES is all that comes
        before = self.views.get(fact.account_id)
        after = evolve(before, fact, event.time)
        if after is None:
            return None
        self.views[fact.account_id] = after
        self.changed.add(fact.account_id)
        return Change(after, _claim_changes(before, after))


def wanted(events: Sequence[Located]) -> set[UUID]:
    """The accounts that `events` are about."""
    return {event.fact.account_id for event in events if type(event.fact) in _HANDLED}  # type: ignore[union-attr]


def _claim_changes(before: AccountView | None, after: AccountView) -> tuple[ClaimChange, ...]:
    """Claims are only ever appended, so old and new pair up by their place."""
    if before is None:
        return tuple(ClaimChange(None, c, None, class_of(c, after.standing)) for c in after.claims)
    old = before.claims
    return tuple(
        ClaimChange(old[i], c, class_of(old[i], before.standing), class_of(c, after.standing))
        if i < len(old)
        else ClaimChange(None, c, None, class_of(c, after.standing))
        for i, c in enumerate(after.claims)
    )
