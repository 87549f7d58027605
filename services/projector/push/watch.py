"""One watcher a process for all imports that somebody waits for: no waiter costs the database anything."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import structlog

from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.projector.core.board import Board
from services.projector.core.gathering import Crowded
from services.projector.import_progress.query import Tag

LOOK_EVERY_S = 0.25
"""The longest that news folded by another copy stays unseen."""
LEAST_GAP_S = 0.025
"""Between two looks, however often positions move in this process."""
MOST_WAITING = 20_000

_log = structlog.get_logger(__name__)

Look = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Tag]]]
"""Reads how far imports are, in one statement."""


class Watch:
    """Looks while anybody waits: at once when this process has folded something, else four times a second."""

    def __init__(
        self,
        look: Look,
        board: Board,
        *,
        look_every_s: float = LOOK_EVERY_S,
        least_gap_s: float = LEAST_GAP_S,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._look = look
        self._board = board
        self._look_every_s = look_every_s
        self._least_gap_s = least_gap_s
        self._most_waiting = most_waiting
        self._waiting: dict[asyncio.Future[bool], tuple[UUID, Tag]] = {}
        self._watcher: asyncio.Task[None] | None = None

    async def news(self, import_id: UUID, seen: Tag, *, within_s: float) -> bool:
        """Whether an import gets beyond `seen` within some seconds; True as soon as it has, or we stop.

        Raises:
            Crowded: too many wait already.
        """
        if len(self._waiting) >= self._most_waiting:
            raise Crowded("too many wait for news of imports")
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[told] = (import_id, seen)
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name="watch-imports")
        try:
            async with asyncio.timeout(within_s):
                return await told
        except TimeoutError:
            return False
        finally:
            del self._waiting[told]

    def wake(self) -> None:
        """Let everybody go who waits: they answer with what there is."""
        for told in self._waiting:
            if not told.done():
                told.set_result(True)

    async def _watch(self) -> None:
        try:
            while self._waiting:
                moved = self._board.next_move()
                try:
                    await self._see()
                except MISTAKES:
                    raise
                except OPERATIONAL_ERRORS as error:
                    _log.warning("imports_not_watched", error=type(error).__name__)
                await asyncio.sleep(self._least_gap_s)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, self._look_every_s - self._least_gap_s)):
                        await moved.wait()
        except Exception as error:  # noqa: BLE001 - a mistake of ours, which those who wait report
            for told in self._waiting:
                if not told.done():
                    told.set_exception(error)
        finally:
            self._watcher = None

    async def _see(self) -> None:
        waiting = [(told, *what) for told, what in self._waiting.items() if not told.done()]
        if not waiting:
            return
        found = await self._look(list({import_id.int: import_id for _, import_id, _ in waiting}.values()))
        for told, import_id, seen in waiting:
            now = found.get(import_id)
            if now is not None and seen.older_than(now) and not told.done():
                told.set_result(True)
