"""I7: the read models and the provisioner's tables are exactly what folding the log gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from schemas.facts import AccountFact, AccountRequested, ImportAccepted
from services.projector.accounts import store
from services.projector.accounts.fold import HANDLES as ABOUT_ACCOUNTS
from services.projector.accounts.fold import AccountsInMemory
from services.projector.accounts.view import AccountView, Origin
from services.projector.core.model import Located
from services.projector.core.moments import moment
from services.projector.import_progress.fold import COUNTED, ProgressInMemory
from services.projector.import_progress.fold import HANDLES as ABOUT_PROGRESS
from services.projector.import_rows.fold import HANDLES as ABOUT_ROWS
from services.projector.import_rows.fold import RowsInMemory
from services.provisioner.account import Account, evolve
from services.provisioner.account.state import Closed, Closing, Erred, Ok, Pending, Unwanted
from tests.e2e.checker.evidence import Logged

STATES = {Pending: 1, Ok: 2, Erred: 3, Closing: 4, Closed: 5, Unwanted: 6}


@dataclass
class ReadModels:
    """What the projector's tables hold, or should hold. Keys and values are those of the rows."""

    accounts: dict[UUID, tuple[AccountView, Origin]] = field(default_factory=dict)
    rows: dict[tuple[UUID, int, int], tuple[Any, ...]] = field(default_factory=dict)
    progress: dict[tuple[UUID, int], tuple[Any, ...]] = field(default_factory=dict)
    imports: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)


def fold(log: Sequence[Logged], positions: Mapping[int, int]) -> ReadModels:
    """Fold the log up to `positions`, in one batch, with the projector's own pure folds."""
    accounts, rows, progress = AccountsInMemory({}), RowsInMemory(), ProgressInMemory()
    origins: dict[UUID, Origin] = {}
    for record in log:
        if record.event is None or record.offset >= positions.get(record.partition, 0):
            continue
        fact = record.event.fact
        located = Located(record.partition, moment(record.event.time), fact)
        change = accounts.apply(located) if isinstance(fact, ABOUT_ACCOUNTS) else None
        if change is not None and change.view.origin is not None:
            origins.setdefault(change.view.account_id, change.view.origin)
        if isinstance(fact, ABOUT_ROWS):
            rows.apply(located, change)
        if isinstance(fact, ABOUT_PROGRESS):
            progress.apply(located, change)
    return ReadModels(
        {
            view.account_id: (_stored(view), origins[view.account_id])
            for view in accounts.views.values()
            if view.account_id in origins
        },
        {tuple(key): (*text, *stand) for key, (text, stand) in rows.inserted.items()},
        {
            (p.import_id, p.partition): (*(p.counts[c] for c in COUNTED), p.version, p.settled, p.rate)
            for p in progress.progress.values()
        },
        {
            facts.import_id: (_accepted(facts.accepted), facts.submitted, tuple(facts.skipped_groups))
            for facts in progress.imports.values()
        },
    )


def differences(shown: ReadModels, folded: ReadModels) -> Iterator[str]:
    """What the tables show otherwise than the fold."""
    for name in ("accounts", "rows", "progress", "imports"):
        there, right = getattr(shown, name), getattr(folded, name)
        for key in there.keys() | right.keys():
            if there.get(key) != right.get(key):
                shown_here, folded_here = str(there.get(key))[:300], str(right.get(key))[:300]
                yield f"{name} {key}: the table has {shown_here}, the log says {folded_here}"


def provisioner_differences(
    tables: Mapping[UUID, tuple[int, int, int, int, str | None]], log: Sequence[Logged]
) -> Iterator[str]:
    """What the provisioner's accounts hold otherwise than its own fold of requests and outcomes."""
    accounts: dict[UUID, Account] = {}
    for record in log:
        fact = record.event.fact if record.event else None
        if isinstance(fact, AccountRequested | AccountFact):
            after = evolve(accounts.get(fact.account_id), fact)
            if after is not None:
                accounts[fact.account_id] = after
    folded = {key: _provisioned(account) for key, account in accounts.items()}
    for key in tables.keys() | folded.keys():
        if tables.get(key) != folded.get(key):
            yield f"account {key}: the table has {tables.get(key)}, the log says {folded.get(key)}"


def _provisioned(account: Account) -> tuple[int, int, int, int, str | None]:
    name = account.standing.username if isinstance(account.standing, Ok | Closing) else None
    return account.version, STATES[type(account.standing)], account.life, account.series, name


def _accepted(accepted: ImportAccepted | None) -> tuple[Any, ...] | None:
    if accepted is None:
        return None
    return accepted.project.project_id, accepted.rows, accepted.requested, accepted.author, accepted.source


def _stored(view: AccountView) -> AccountView:
    """As it comes back from the table."""
    return store.from_row((*store.to_row(view), view.requested))
