"""From a kept file to staged rows: a process of its own reads and judges, we ask what exists, and store."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO, Final

import structlog

from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import ACCOUNT_STATES, Verdict
from services.importer.drafts.copying import with_verdicts
from services.importer.drafts.existing import ExistingAccounts, Unknown
from services.importer.drafts.model import Draft
from services.importer.drafts.protocol import Answer, Faulty, Finished, Kind, Opened, Rows, Task
from services.importer.drafts.repository import Drafts
from services.importer.drafts.workers import WorkerLost, Workers
from services.importer.limits import Limits
from services.importer.metrics import ROWS_STAGED
from services.importer.reading import Choices, FileFault, Note

logger = structlog.get_logger(__name__)

EXISTING_UNKNOWN = Note(
    "EXISTING_UNKNOWN",
    "Which accounts exist already could not be found out right now, so rows may be shown as new that are not. "
    "Nothing is made twice: what is there already will be found when the import runs.",
)
_KINDS: Final[dict[str, Kind]] = {"file": "file", "paste": "text", "api": "accounts", "topic": "accounts"}


class Staging:
    """Reads drafts: every row of a file once, a bounded chunk at a time."""

    def __init__(
        self,
        workers: Workers,
        drafts: Drafts,
        existing: ExistingAccounts,
        *,
        limits: Limits,
        policy: AddressPolicy,
        clock: Callable[[], datetime],
    ) -> None:
        self._workers = workers
        self._drafts = drafts
        self._existing = existing
        self._limits = limits
        self._policy = policy
        self._clock = clock

    async def stage(self, draft: Draft, file: BinaryIO, on_progress: Callable[[int], None]) -> None:
        """Read `file`, stage its rows, and make the draft (in state `reading`) a preview.

        `on_progress` is told the number of staged rows after each chunk.

        Raises:
            FileFault: the file cannot be read.
            WorkerLost: the process that read it is gone; it may be tried again.
            DraftTakenAway: somebody else ended the draft.
        """
        remembered = None
        if draft.choices == Choices() and draft.source == "file":
            remembered = await self._drafts.remembered(draft.project_id)
        task = Task(
            draft_id=draft.draft_id,
            project_id=draft.project_id,
            kind=_KINDS[draft.source],
            limits=self._limits,
            policy=self._policy,
            choices=draft.choices,
            remembered=remembered,
        )
        verdicts: Counter[str] = Counter()
        known = _Known(self._existing)
        async with self._workers.read(task, file) as answers:
            finished = await self._rows(draft, answers, known, verdicts, on_progress)
        for verdict, count in verdicts.items():
            ROWS_STAGED.labels(verdict).inc(count)
        notes = (*finished.notes, *known.notes)
        await self._drafts.preview(
            draft,
            notes=[asdict(note) for note in notes],
            rows=verdicts.total(),
            blank=finished.blank,
            verdicts={verdict.value: verdicts[verdict.value] for verdict in Verdict},
            now=self._clock(),
        )

    async def _rows(
        self,
        draft: Draft,
        answers: AsyncIterator[Answer],
        known: "_Known",
        verdicts: Counter[str],
        on_progress: Callable[[int], None],
    ) -> Finished:
        """Store each chunk while the account states of the next one are asked for, and that one is awaited."""
        storing: asyncio.Task[None] | None = None

        async def store(rows: Rows, asked: asyncio.Task[bytes | None]) -> None:
            copy = await self._marked(rows, await asked, verdicts)
            await self._drafts.stage(
                draft, copy, staged=verdicts.total(), reached=rows.reached, now=self._clock()
            )
            on_progress(verdicts.total())

        try:
            async for answer in answers:
                if isinstance(answer, Rows):
                    asked = asyncio.create_task(known.states(answer.new))
                    if storing is not None:
                        try:
                            await storing
                        except BaseException:
                            asked.cancel()
                            raise
                    storing = asyncio.create_task(store(answer, asked))
                elif isinstance(answer, Opened):
                    await self._drafts.opened(draft, asdict(answer.layout))
                elif isinstance(answer, Faulty):
                    raise FileFault(
                        answer.code, answer.detail, answer.line, fixable=answer.fixable, layout=answer.layout
                    )
                elif isinstance(answer, Finished):
                    if storing is not None:
                        await storing
                    return answer
        finally:
            if storing is not None and not storing.done():
                storing.cancel()
                await asyncio.gather(storing, return_exceptions=True)
        raise WorkerLost("the process stopped in the middle")

    async def _marked(self, rows: Rows, states: bytes | None, verdicts: Counter[str]) -> bytes:
        verdicts.update(rows.verdicts)
        if states is None or not any(states):
            return rows.copy
        for state, count in Counter(states).items():
            if state:
                verdicts[ACCOUNT_STATES[state].value] += count
                verdicts[Verdict.NEW.value] -= count
        return await asyncio.to_thread(with_verdicts, rows.copy, rows.places, states, ACCOUNT_STATES)


class _Known:
    """Asks which accounts exist; after the first failure it asks no more and leaves a note."""

    def __init__(self, existing: ExistingAccounts) -> None:
        self._existing: ExistingAccounts | None = existing
        self.notes: list[Note] = []

    async def states(self, accounts: bytes) -> bytes | None:
        """One byte for each account (16 bytes each); None if nobody knows."""
        if self._existing is None or not accounts:
            return None
        try:
            return await self._existing.states(accounts)
        except Unknown as error:
            logger.warning("existing_accounts_unknown", reason=str(error))
            if self._existing is not None:
                self._existing = None
                self.notes.append(EXISTING_UNKNOWN)
            return None


def layout_of(fault: FileFault) -> dict[str, Any] | None:
    """What is known of a file that could not be read, for a picker."""
    return None if fault.layout is None else asdict(fault.layout)
