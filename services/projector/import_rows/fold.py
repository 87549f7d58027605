"""The rows that one batch inserts, and the few it changes."""

from typing import NamedTuple
from uuid import UUID

from schemas.facts import (
    AccountCreated,
    AccountFailed,
    AccountRequestCancelled,
    AccountRequested,
    AccountRequestMet,
    AccountRetried,
    RowsSkipped,
)
from schemas.row_class import Claim
from services.projector.accounts.view import ClaimView
from services.projector.core.model import Change, Located

HANDLES = (
    AccountRequested,
    RowsSkipped,
    AccountRequestMet,
    AccountRequestCancelled,
    AccountCreated,
    AccountRetried,
    AccountFailed,
)


class Key(NamedTuple):
    """A row of an import in one revision."""

    import_id: UUID
    row: int
    revision: int


class RowText(NamedTuple):
    """What never changes about a row."""

    line: int
    email: str
    description: str
    account_id: UUID | None
    code: str | None = None
    duplicate_of: int | None = None


class Stand(NamedTuple):
    """What may change about a row."""

    claim: str
    pinned: str | None = None


class RowsInMemory:
    """Inserts and changes, each row at most once in all."""

    def __init__(self) -> None:
        self.inserted: dict[Key, tuple[RowText, Stand]] = {}
        self.changed: dict[Key, Stand] = {}

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event."""
        fact = event.fact
        if isinstance(fact, RowsSkipped):
            self._skipped(fact)
        elif change is not None:
            if isinstance(fact, AccountRequested):
                self._requested(fact, change)
            for claim in change.claims:
                if claim.was is not None and claim.was != claim.now:
                    self._changed(claim.now)
        return change

    def _requested(self, fact: AccountRequested, change: Change) -> None:
        now = change.claims[-1].now  # a new claim is appended
        text = RowText(fact.line, fact.personal.email, fact.personal.description, fact.account_id)
        self.inserted.setdefault(_key(now), (text, Stand(now.claim, now.pinned)))

    def _changed(self, claim: ClaimView) -> None:
        key, stand = _key(claim), Stand(claim.claim, claim.pinned)
        if key in self.inserted:
            self.inserted[key] = (self.inserted[key][0], stand)
        else:
            self.changed[key] = stand

    def _skipped(self, fact: RowsSkipped) -> None:
        for row in fact.rows:
            text = RowText(
                row.line, row.personal.email, row.personal.description, None, row.code, row.duplicate_of
            )
            self.inserted.setdefault(Key(fact.import_id, row.row, 0), (text, Stand(Claim(row.verdict))))


def _key(claim: ClaimView) -> Key:
    return Key(claim.import_id, claim.row, claim.revision)
