"""The accounts that wait for another attempt. Nothing is done for those that do not."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountRequestCancelled,
    AccountRetried,
)
from schemas.row_class import Claim, Standing
from services.projector.accounts.view import AccountView
from services.projector.core.model import Change, Located

HANDLES = (
    AccountRequestCancelled,
    AccountCreated,
    AccountRetried,
    AccountFailed,
    AccountCloseRequested,
    AccountClosed,
    AccountCloseFailed,
)
"""What may begin, change or end the waiting; requests and their answers do not."""


class Wait(NamedTuple):
    """An account that waits, as it is stored."""

    account_id: UUID
    import_id: UUID
    row: int
    since: datetime
    next_attempt_at: datetime | None
    attempts: int
    code: str | None


class WaitingInMemory:
    """Those of one batch: `waits` as loaded and then folded on, by `account_id.int`."""

    def __init__(self, waits: Iterable[Wait] = ()) -> None:
        self.waits = {wait.account_id.int: wait for wait in waits}
        self.changed: set[int] = set()

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event."""
        if change is not None:
            view = change.view
            if view.standing is Standing.WAITING:
                self._waits(event, view)
            elif self.waits:
                key = view.account_id.int
                if self.waits.pop(key, None) is not None:
                    self.changed.add(key)
        return change

    def _waits(self, event: Located, view: AccountView) -> None:
        key = view.account_id.int
        before = self.waits.get(key)
        since = event.time if before is None else before.since
        import_id, row = _made_for(view, cast("AccountFact", event.fact))
        self.waits[key] = Wait(
            view.account_id, import_id, row, since, view.next_attempt_at, view.attempts, view.code
        )
        self.changed.add(key)


def waiting_among(views: Iterable[AccountView]) -> list[UUID]:
    """The accounts of a batch that waited before it."""
    waiting = Standing.WAITING
    return [view.account_id for view in views if view.standing is waiting]


def _made_for(view: AccountView, fact: AccountFact) -> tuple[UUID, int]:
    """The row an account is made for; if no request is known yet, the one the fact names."""
    for claim in view.claims:
        if claim.claim is Claim.CREATOR and claim.live:
            return claim.import_id, claim.row
    return fact.claim.import_id, fact.claim.row
