"""From an opened file to staged rows: classify in a thread, ask what exists, store; a bounded chunk at a time."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

import structlog

from services.importer.domain.judging import classify
from services.importer.domain.preview import Preview
from services.importer.domain.rows import StagedRow, Verdict, with_existing
from services.importer.drafts.existing import ExistingAccounts, Unknown
from services.importer.drafts.repository import Drafts
from services.importer.metrics import ROWS_STAGED
from services.importer.reading import Note, Table

logger = structlog.get_logger(__name__)

CHUNK_ROWS: Final = 2_000
EXISTING_UNKNOWN = Note(
    "EXISTING_UNKNOWN",
    "Which accounts exist already could not be found out right now, so rows may be shown as new that are not. "
    "Nothing is made twice: what is there already will be found when the import runs.",
)


async def stage(
    draft_id: UUID,
    project_id: UUID,
    open_file: Callable[[], Table],
    *,
    drafts: Drafts,
    existing: ExistingAccounts,
    clock: Callable[[], datetime],
    on_progress: Callable[[int], None],
) -> None:
    """Read the file, stage its rows, and make the draft a preview.

    Args:
        draft_id: a draft in state `reading`.
        project_id: the project its accounts are for.
        open_file: opens the file; blocks, so it is called in a thread.
        drafts: where rows go.
        existing: knows which accounts are there.
        clock: the time.
        on_progress: told the number of staged rows after each chunk.

    Raises:
        FileFault: the file cannot be read.
        DraftTakenAway: somebody else ended the draft.
    """
    table = await asyncio.to_thread(open_file)
    preview = Preview(project_id)
    source = classify(table.records, project_id)
    known = _Known(existing)
    coming = asyncio.create_task(asyncio.to_thread(_take, source))
    try:
        while rows := await coming:
            coming = asyncio.create_task(asyncio.to_thread(_take, source))
            rows = await known.mark(rows)
            await asyncio.to_thread(preview.add, rows)
            await drafts.stage(draft_id, rows, staged=preview.rows, now=clock())
            on_progress(preview.rows)
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
    for verdict, count in preview.verdicts.items():
        ROWS_STAGED.labels(verdict).inc(count)
    await drafts.preview(
        draft_id,
        layout=asdict(table.layout),
        notes=[asdict(note) for note in (*table.notes, *known.notes)],
        rows=preview.rows,
        blank=table.blank,
        verdicts=preview.verdicts,
        preview_hash=preview.hexdigest(),
    )


def _take(source: Iterator[StagedRow]) -> list[StagedRow]:
    return list(islice(source, CHUNK_ROWS))


class _Known:
    """Marks rows whose account exists; after the first failure it asks no more and leaves a note."""

    def __init__(self, existing: ExistingAccounts) -> None:
        self._existing: ExistingAccounts | None = existing
        self.notes: list[Note] = []

    async def mark(self, rows: list[StagedRow]) -> list[StagedRow]:
        new = [
            UUID(bytes=row.account_id)
            for row in rows
            if row.verdict is Verdict.NEW and row.account_id is not None
        ]
        if self._existing is None or not new:
            return rows
        try:
            return with_existing(rows, await self._existing.states(new))
        except Unknown as error:
            logger.warning("existing_accounts_unknown", reason=str(error))
            self._existing = None
            self.notes.append(EXISTING_UNKNOWN)
            return rows
