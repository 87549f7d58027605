"""The rows that one batch inserts, and the few it changes."""

from typing import Any, NamedTuple
from uuid import UUID

from schemas.facts import AccountRequested, RowsSkipped
from schemas.row_class import Claim, RowClass
from services.projector.accounts.fold import HANDLES as ABOUT_ACCOUNTS
from services.projector.accounts.view import ClaimView, Ending
from services.projector.core.model import Change, ClaimChange, Located

HANDLES = (RowsSkipped, *ABOUT_ACCOUNTS)


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
    """What may change about a row. `ending` only where an undo is over, `failed` true or None."""

    claim: str
    pinned: str | None = None
    kept: str | None = None
    ending: str | None = None
    failed: bool | None = None


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
                if claim.was is not None and _stands_otherwise(claim):
                    self._changed(claim)
        return change

    def _requested(self, fact: AccountRequested, change: Change) -> None:
        last = change.claims[-1]  # a new claim is appended
        personal = fact.personal
        text = _new(RowText, (fact.line, personal.email, personal.description, fact.account_id, None, None))
        self.inserted.setdefault(_key(last.now), (text, _stand(last)))

    def _changed(self, claim: ClaimChange) -> None:
        key, stand = _key(claim.now), _stand(claim)
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


_FAILED = RowClass.FAILED
_OVER = (Ending.KEPT, Ending.FAILED)
_PLAIN = {claim: Stand(claim) for claim in Claim}
_new: Any = tuple.__new__  # a third of the time of a NamedTuple's own


def _stands_otherwise(claim: ClaimChange) -> bool:
    """Whether anything of what is stored with the row is news: that an account was made is not."""
    if claim.before is not claim.after and (claim.before is _FAILED or claim.after is _FAILED):
        return True
    if claim.ended is not claim.ending and (claim.ended in _OVER or claim.ending in _OVER):
        return True
    return claim.was is not claim.now and claim.was != claim.now


def _stand(claim: ClaimChange) -> Stand:
    now = claim.now
    ending = claim.ending if claim.ending in _OVER else None
    if now.pinned is None and now.kept is None and ending is None and claim.after is not _FAILED:
        return _PLAIN[now.claim]  # nearly always
    return Stand(now.claim, now.pinned, now.kept, ending, claim.after is _FAILED or None)


def _key(claim: ClaimView) -> Key:
    key: Key = _new(Key, (claim.import_id, claim.row, claim.revision))
    return key
