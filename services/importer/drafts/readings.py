"""Files being read in the background, a few at a time, each to a preview or a rejection."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import structlog

from services.common.database import OPERATIONAL_ERRORS
from services.importer.drafts.model import Draft
from services.importer.drafts.repository import LEASE, Drafts, DraftTakenAway
from services.importer.drafts.staging import Staging, layout_of
from services.importer.drafts.workers import WorkerLost
from services.importer.metrics import DRAFTS
from services.importer.reading import FileFault

logger = structlog.get_logger(__name__)

ANSWER_AT_ONCE_ROWS: Final = 5_000
ANSWER_AT_ONCE_S: Final = 5.0
MAX_ATTEMPTS: Final = 3

INTERRUPTED: Final[dict[str, Any]] = {
    "code": "READING_INTERRUPTED",
    "detail": "Reading the file was interrupted on our side, and the file is gone. Nothing was created; upload it "
    "again.",
    "line": None,
    "choices": None,
}
FAILED: Final[dict[str, Any]] = {
    "code": "READING_FAILED",
    "detail": "The file could not be read because of a mistake on our side. Nothing was created; tell the operators, "
    "or save the list as CSV UTF-8 and upload that.",
    "line": None,
    "choices": None,
}


class Upload(Protocol):
    """The bytes of a draft, in an open file."""

    def rewound(self) -> BinaryIO:
        """The file, at its beginning."""
        ...

    def close(self) -> None:
        """Let go of it; harmless twice."""
        ...


class Readings:
    """Reads what was uploaded. Lives as long as the service."""

    def __init__(
        self, drafts: Drafts, staging: Staging, *, clock: Callable[[], datetime], directory: Path | None
    ) -> None:
        self._drafts = drafts
        self._staging = staging
        self._clock = clock
        self._directory = directory
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, draft: Draft, upload: Upload) -> None:
        """Store the draft with its bytes and begin to read it. Returns when it is read, or when that takes longer.

        The upload is closed when the file has been read, also when nothing was begun.
        """
        try:
            await self._drafts.add(draft, upload.rewound(), self._clock())
        except BaseException:
            upload.close()
            raise
        await self._begin(draft, upload)

    async def resume(self, draft: Draft) -> None:
        """Read a stored draft (in state `reading`, by our hand) from the start. Returns as `start` does."""
        await self._begin(draft, None)

    async def take_over(self) -> int:
        """Read drafts whose reader died, here or elsewhere; returns how many were begun."""
        taken = 0
        while (draft := await self._drafts.take_abandoned(self._clock())) is not None:
            taken += 1
            logger.warning("reading_taken_over", draft_id=draft.draft_id.hex, attempts=draft.attempts)
            self._spawn(self._read(draft, None, asyncio.Event()))
        return taken

    async def stop(self) -> None:
        """Give up what is being read; another copy, or the next start, goes on with it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _begin(self, draft: Draft, upload: Upload | None) -> None:
        enough = asyncio.Event()
        task = self._spawn(self._read(draft, upload, enough))
        waiting = asyncio.create_task(enough.wait())
        await asyncio.wait({task, waiting}, timeout=ANSWER_AT_ONCE_S, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work, name="read_file")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _read(self, draft: Draft, upload: Upload | None, enough: asyncio.Event) -> None:
        """Until there is a preview or a rejection; a lost process costs an attempt, not the draft."""
        reading: Draft | None = draft
        log = logger.bind(draft_id=draft.draft_id.hex)
        try:
            if upload is None:
                upload = await self._loaded(draft)
            if upload is None:
                await self._reject(draft, INTERRUPTED)
                return
            while reading is not None:
                draft = reading
                reading = await self._attempt(draft, upload, enough, log)
        except asyncio.CancelledError:
            with contextlib.suppress(*OPERATIONAL_ERRORS):
                await self._drafts.let_go(draft, self._clock())
            raise
        except DraftTakenAway:
            log.warning("draft_taken_away")
        except Exception:
            log.exception("draft_not_read")  # its lease ends by itself, and then somebody tries again
        finally:
            if upload is not None:
                upload.close()

    async def _attempt(
        self, draft: Draft, upload: Upload, enough: asyncio.Event, log: structlog.stdlib.BoundLogger
    ) -> Draft | None:
        """One reading; returns the next one if it is to be tried again."""

        def progressed(rows: int) -> None:
            if rows > ANSWER_AT_ONCE_ROWS:
                enough.set()

        alive = asyncio.create_task(self._keep_lease(draft), name="keep_lease")
        try:
            if draft.attempts > MAX_ATTEMPTS:
                await self._reject(draft, FAILED)
                return None
            await self._staging.stage(draft, upload.rewound(), progressed)
        except FileFault as fault:
            log.info("draft_rejected", code=fault.code)
            shown = {
                "code": fault.code,
                "detail": fault.detail,
                "line": fault.line,
                "choices": fault.fixable or None,
            }
            await self._reject(draft, shown, layout_of(fault))
            return None
        except WorkerLost as error:
            log.warning("reader_lost", reason=str(error), attempts=draft.attempts)
            if draft.attempts >= MAX_ATTEMPTS:
                await self._reject(draft, FAILED)
                return None
            return await self._drafts.read_again(draft, now=self._clock())
        finally:
            alive.cancel()
        DRAFTS.labels("previewed").inc()
        return None

    async def _reject(
        self, draft: Draft, fault: dict[str, Any], layout: dict[str, Any] | None = None
    ) -> None:
        DRAFTS.labels("rejected").inc()
        await self._drafts.reject(draft, fault, layout)

    async def _loaded(self, draft: Draft) -> Upload | None:
        kept = _Kept(self._directory)
        try:
            if await self._drafts.load_file(draft.draft_id, kept.file):
                return kept
        except BaseException:
            kept.close()
            raise
        kept.close()
        return None

    async def _keep_lease(self, draft: Draft) -> None:
        """Also while the file waits for its turn."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            with contextlib.suppress(*OPERATIONAL_ERRORS):
                await self._drafts.renew(draft, self._clock())


class _Kept:
    """A file without a name, filled from what was kept."""

    def __init__(self, directory: Path | None) -> None:
        self.file: BinaryIO = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115

    def rewound(self) -> BinaryIO:
        self.file.seek(0)
        return self.file

    def close(self) -> None:
        self.file.close()
