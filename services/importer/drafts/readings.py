"""Files being read in the background, a few at a time, each to a preview or a rejection."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog

from services.common.database import OPERATIONAL_ERRORS
from services.importer.drafts.existing import ExistingAccounts
from services.importer.drafts.model import Draft
from services.importer.drafts.repository import LEASE, Drafts, DraftTakenAway
from services.importer.drafts.spool import Spool
from services.importer.drafts.staging import stage
from services.importer.limits import Limits
from services.importer.metrics import DRAFTS
from services.importer.reading import FileFault, open_table

logger = structlog.get_logger(__name__)

ANSWER_AT_ONCE_ROWS: Final = 5_000
ANSWER_AT_ONCE_S: Final = 10.0

INTERRUPTED: Final[dict[str, Any]] = {
    "code": "READING_INTERRUPTED",
    "detail": "Reading the file was interrupted on our side. Nothing was created; upload the file again.",
    "line": None,
}
_FAILED: Final[dict[str, Any]] = {
    "code": "READING_FAILED",
    "detail": "The file could not be read because of a mistake on our side. Nothing was created; tell the operators.",
    "line": None,
}


class Readings:
    """Reads spooled uploads. Lives as long as the service."""

    def __init__(
        self,
        drafts: Drafts,
        existing: ExistingAccounts,
        *,
        limits: Limits,
        at_once: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._drafts = drafts
        self._existing = existing
        self._limits = limits
        self._clock = clock
        self._turn = asyncio.Semaphore(at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, draft: Draft, spool: Spool) -> None:
        """Store the draft and begin to read it. Returns when it is read, or when that takes longer.

        The spool is closed when the file has been read, also when nothing was begun.
        """
        try:
            await self._drafts.add(draft, self._clock())
        except BaseException:
            spool.close()
            raise
        enough = asyncio.Event()
        task = asyncio.create_task(self._read(draft, spool, enough), name="read_file")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        waiting = asyncio.create_task(enough.wait())
        await asyncio.wait({task, waiting}, timeout=ANSWER_AT_ONCE_S, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def stop(self) -> None:
        """Give up what is being read: its drafts are rejected when their lease ends."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self, draft: Draft, spool: Spool, enough: asyncio.Event) -> None:
        def progressed(rows: int) -> None:
            if rows > ANSWER_AT_ONCE_ROWS:
                enough.set()

        fault = _FAILED
        log = logger.bind(draft_id=draft.draft_id.hex)
        alive = asyncio.create_task(self._keep_lease(draft), name="keep_lease")
        try:
            async with self._turn:
                await stage(
                    draft.draft_id,
                    draft.project_id,
                    lambda: open_table(spool.rewound(), self._limits),
                    drafts=self._drafts,
                    existing=self._existing,
                    clock=self._clock,
                    on_progress=progressed,
                )
        except FileFault as error:
            fault = {"code": error.code, "detail": error.detail, "line": error.line}
            log.info("draft_rejected", code=error.code)
        except DraftTakenAway:
            log.warning("draft_taken_away")
            return
        except Exception:
            log.exception("draft_not_read")
        else:
            DRAFTS.labels("previewed").inc()
            return
        finally:
            alive.cancel()
            spool.close()
        DRAFTS.labels("rejected").inc()
        try:
            await self._drafts.reject(draft.draft_id, fault)
        except Exception:
            log.exception("draft_not_rejected")  # its lease ends by itself

    async def _keep_lease(self, draft: Draft) -> None:
        """Also while the file waits for its turn."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            with contextlib.suppress(*OPERATIONAL_ERRORS):
                await self._drafts.renew(draft.draft_id, self._clock())
