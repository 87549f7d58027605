"""Counts and facts of imports in Postgres: whole values, because only one process folds a partition."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from schemas.facts import AccountFact, AccountRequested
from schemas.facts.imports import ImportFact
from schemas.row_class import RowClass
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.core.model import Apply, Batch
from services.projector.import_progress.fold import COUNTED, ImportFacts, Progress, ProgressInMemory, place

_ABOUT_ACCOUNTS = (AccountRequested, AccountFact)
_SQL = load_queries("services.projector.import_progress")


class ProgressFold:
    """`core.model.Fold` of progress."""

    def __init__(self) -> None:
        self._memory = ProgressInMemory()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Read the counts of every import that an event names or an account of the batch belongs to."""
        counted, named = _wanted(batch)
        progress = (
            await connection.fetch(_SQL["load_progress"], *zip(*counted, strict=True)) if counted else ()
        )
        imports = await connection.fetch(_SQL["load_imports"], list(named)) if named else ()
        self._memory = ProgressInMemory(map(_progress, progress), (ImportFacts(*row) for row in imports))

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply

    async def store(self, connection: Connection) -> None:
        """Write the changed counts and facts."""
        memory = self._memory
        if memory.changed_imports:
            rows = [_facts_row(memory.imports[import_id]) for import_id in memory.changed_imports]
            await connection.execute(_SQL["write_imports"], *zip(*rows, strict=True))
        if memory.changed:
            rows = [_progress_row(memory.progress[key]) for key in memory.changed]
            await connection.execute(_SQL["write_progress"], *zip(*rows, strict=True))

    async def fill(self, connection: Connection) -> None:
        """As `store`: there are few rows."""
        await self.store(connection)


def _wanted(batch: Batch) -> tuple[Collection[tuple[UUID, int]], set[UUID]]:
    counted: dict[int, tuple[UUID, int]] = {}
    named: set[UUID] = set()
    find = batch.views.get
    for partition, _, fact in batch.events:
        if isinstance(fact, _ABOUT_ACCOUNTS):
            import_id = fact.claim.import_id
            counted[import_id.int << 32 | partition] = (import_id, partition)
            view = find(fact.account_id.int)
            if view is not None:
                for claim in view.claims:
                    counted[place(claim.import_id, partition)] = (claim.import_id, partition)
        elif isinstance(fact, ImportFact):
            counted[place(fact.import_id, partition)] = (fact.import_id, partition)
            named.add(fact.import_id)
    return counted.values(), named


def _progress(row: Any) -> Progress:
    import_id, partition, *rest = row
    counts = dict.fromkeys(RowClass, 0) | dict(zip(COUNTED, rest, strict=False))
    return Progress(import_id, partition, counts, *rest[len(COUNTED) :])


def _progress_row(p: Progress) -> tuple[Any, ...]:
    return (
        p.import_id,
        p.partition,
        *(p.counts[c] for c in COUNTED),
        p.version,
        p.corrections,
        p.to_close,
        p.kept,
        p.unclosed,
        p.answered,
        p.settled,
        p.rate,
        p.rate_at,
        p.waiting_since,
        p.waiting_code,
        p.next_attempt_at,
    )


def _facts_row(i: ImportFacts) -> tuple[Any, ...]:
    a = i.accepted
    return (
        i.import_id,
        i.submitted,
        i.cancelled,
        i.cancelled_by,
        i.cancel_reason,
        i.last_row,
        i.undo_started,
        i.undone_by,
        i.undo_reason,
        ",".join(map(str, i.skipped_groups)),
        *(
            (None,) * 8
            if a is None
            else (
                a.project.project_id,
                a.rows,
                a.requested,
                a.author,
                a.source,
                a.personal.file_name,
                a.fingerprint.sha256 if a.fingerprint else None,
                a.fingerprint.size if a.fingerprint else None,
            )
        ),
    )
