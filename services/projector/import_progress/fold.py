"""The counts of every import, per partition, as the differences that each event makes to its rows' classes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from schemas.facts import (
    AccountRequested,
    AccountRetried,
    ImportAccepted,
    ImportCancelled,
    ImportUndoStarted,
    RowsSkipped,
)
from schemas.row_class import FINAL, RowClass
from services.projector.accounts.fold import HANDLES as ABOUT_ACCOUNTS
from services.projector.accounts.view import Ending
from services.projector.core.model import Change, ClaimChange, Located, imports_of
from services.projector.import_progress.rate import tick

HANDLES = (ImportAccepted, RowsSkipped, ImportCancelled, ImportUndoStarted, *ABOUT_ACCOUNTS)

_ABOUT_IMPORTS = (ImportAccepted, RowsSkipped, ImportCancelled, ImportUndoStarted)

# Looking a member up in its enumeration takes ten times as long as looking up a name.
_WAITING, _OPEN = RowClass.WAITING, Ending.OPEN

COUNTED = tuple(c for c in RowClass if c is not RowClass.PENDING)


@dataclass(slots=True)
class Progress:
    """One import in one partition. Pending rows are not counted: they are what remains.

    `to_close`, `kept` and `unclosed` count claims by what an undo comes to for them (`accounts.view.Ending`);
    `answered` is when one last had its answer.
    """

    import_id: UUID
    partition: int
    counts: dict[RowClass, int] = field(default_factory=lambda: dict.fromkeys(RowClass, 0))
    version: int = 0
    corrections: int = 0
    to_close: int = 0
    kept: int = 0
    unclosed: int = 0
    answered: datetime | None = None
    settled: datetime | None = None
    rate: float = 0.0
    rate_at: datetime | None = None
    waiting_since: datetime | None = None
    waiting_code: str | None = None
    next_attempt_at: datetime | None = None

    def settle(self, time: datetime) -> None:
        """A row became final."""
        if self.settled is None or time > self.settled:
            self.settled = time


def place(import_id: UUID, partition: int) -> int:
    """Import and partition as one key; a number, because a UUID takes long to hash."""
    return import_id.int << 32 | partition


@dataclass(slots=True)
class ImportFacts:
    """What the facts of an import as a whole said."""

    import_id: UUID
    submitted: datetime | None = None
    cancelled: datetime | None = None
    cancelled_by: str | None = None
    cancel_reason: str | None = None
    last_row: int | None = None
    undo_started: datetime | None = None
    undone_by: str | None = None
    undo_reason: str | None = None
    skipped_groups: tuple[int, ...] = ()
    accepted: ImportAccepted | None = None
    """Only while it still has to be written."""


class ProgressInMemory:
    """Counts by import and partition, facts by import; both as loaded and then folded on."""

    def __init__(self, progress: Iterable[Progress] = (), imports: Iterable[ImportFacts] = ()) -> None:
        self.progress = {place(p.import_id, p.partition): p for p in progress}
        self.imports = {i.import_id: i for i in imports}
        self.changed: set[int] = set()
        self.changed_imports: set[UUID] = set()

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event."""
        if change is not None:
            self._account_news(event, change)
        elif isinstance(event.fact, _ABOUT_IMPORTS):
            self._import_fact(event, event.fact)
        return change

    def _account_news(self, event: Located, change: Change) -> None:
        claims = change.claims
        if len(claims) == 1:  # nearly always
            claim = claims[0]
            state = self._of(claim.now.import_id, event.partition)
            state.version += 1
            _count(state, claim, change, event)
        else:
            for import_id in imports_of(change):
                self._of(import_id, event.partition).version += 1
            for claim in claims:
                _count(self._of(claim.now.import_id, event.partition), claim, change, event)
        # A new claim is appended, so that of a request comes last.
        if claims and claims[-1].now.revision > 0 and isinstance(event.fact, AccountRequested):
            self._of(claims[-1].now.import_id, event.partition).corrections += 1

    def _import_fact(
        self, event: Located, fact: ImportAccepted | RowsSkipped | ImportCancelled | ImportUndoStarted
    ) -> None:
        facts = self.imports.get(fact.import_id)
        if facts is None:
            facts = self.imports[fact.import_id] = ImportFacts(fact.import_id)
        if not _is_news(facts, fact):
            return
        self.changed_imports.add(fact.import_id)
        state = self._of(fact.import_id, event.partition)
        state.version += 1
        match fact:
            case ImportAccepted():
                facts.accepted, facts.submitted = fact, event.time
                state.settle(event.time)
            case RowsSkipped():
                facts.skipped_groups = (*facts.skipped_groups, fact.rows[0].row)
                for row in fact.rows:
                    state.counts[RowClass(row.verdict)] += 1
                state.settle(event.time)
            case ImportCancelled():
                facts.cancelled, facts.last_row = event.time, fact.last_row
                facts.cancelled_by, facts.cancel_reason = fact.author, fact.reason
                state.settle(event.time)
            case ImportUndoStarted():
                facts.undo_started = event.time
                facts.undone_by, facts.undo_reason = fact.author, fact.reason

    def _of(self, import_id: UUID, partition: int) -> Progress:
        key = import_id.int << 32 | partition  # `place`, for every event
        self.changed.add(key)
        state = self.progress.get(key)
        if state is None:
            state = self.progress[key] = Progress(import_id, partition)
        return state


def _is_news(
    facts: ImportFacts, fact: ImportAccepted | RowsSkipped | ImportCancelled | ImportUndoStarted
) -> bool:
    match fact:
        case ImportAccepted():
            return facts.submitted is None
        case RowsSkipped():
            return fact.rows[0].row not in facts.skipped_groups
        case ImportCancelled():
            return facts.cancelled is None
        case ImportUndoStarted():
            return facts.undo_started is None


def _count(state: Progress, claim: ClaimChange, change: Change, event: Located) -> None:
    before, after = claim.before, claim.after
    if claim.ended is not claim.ending:
        _count_ending(state, claim.ended, -1)
        _count_ending(state, claim.ending, +1)
        if claim.ended is _OPEN and (state.answered is None or event.time > state.answered):
            state.answered = event.time
    if before is not after:
        if before is not None:
            state.counts[before] -= 1
        state.counts[after] += 1
        if after in FINAL and before not in FINAL:
            time = event.time
            if state.settled is None or time > state.settled:
                state.settled = time
            state.rate, state.rate_at = tick(state.rate, state.rate_at, time)
    if after is _WAITING:
        if state.waiting_since is None:
            state.waiting_since = event.time
        if isinstance(event.fact, AccountRetried):
            state.waiting_code = change.view.code
            state.next_attempt_at = _sooner(state.next_attempt_at, change.view.next_attempt_at, event.time)
    elif before is _WAITING and not state.counts[_WAITING]:
        state.waiting_since = state.waiting_code = state.next_attempt_at = None


def _sooner(old: datetime | None, new: datetime | None, time: datetime) -> datetime | None:
    """Which attempt comes next after `time`, by the clock of the log; `old` may have been made by then."""
    if old is None or new is None or old <= time:
        return new
    return min(old, new)


def _count_ending(state: Progress, ending: Ending | None, step: int) -> None:
    if ending is _OPEN:
        state.to_close += step
    elif ending is Ending.KEPT:
        state.kept += step
    elif ending is Ending.FAILED:
        state.unclosed += step
