"""A gate before the account service: after several calls that never arrived, only one probe at a time passes."""

import asyncio
from collections.abc import Callable, Hashable

from services.provisioner import metrics
from services.provisioner.target.passage import Heard, Passage

_SHUT_AFTER = 5
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 15.0


class Gate:
    """Per process. Rows that wait behind it stay as they are; nothing fails and nothing is written."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        """An open gate; `clock` gives monotonic seconds."""
        self._clock = clock
        self._missed = 0
        self._pause = _FIRST_PAUSE_S
        self._shut_until: float | None = None
        self._probing = False
        self._changed = asyncio.Event()

    @property
    def shut(self) -> bool:
        """Whether the account service is being waited for."""
        return self._shut_until is not None

    async def passage(self, given_up: Callable[[], bool] = lambda: False, *, row: Hashable = None) -> Passage:
        """Wait until a call for `row` may be made. Say what became of it (`report`), or that it was not made.

        Who has `given_up` by the next nudge waits no longer.
        """
        while self._shut_until is not None and not given_up():
            wait = self._shut_until - self._clock()
            if wait <= 0 and not self._probing:
                self._probing = True
                return Passage(True, row)
            self._changed.clear()
            try:
                async with asyncio.timeout(wait if wait > 0 else None):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return Passage(False, row)

    def nudge(self) -> None:
        """Let those who wait see whether they have given up."""
        self._changed.set()

    def unused(self, passage: Passage) -> None:
        """A passage led to no call: the next in line may have it."""
        if passage.probe:
            self._probing = False
            self._changed.set()

    def report(self, passage: Passage, heard: Heard) -> bool:
        """Say what a call came to; whether the target counts as up, so that an unclear outcome is the row's own."""
        if heard.kind == "not_taken":
            self._missed_one(heard.retry_after, probe=passage.probe)
        else:
            self._reached()
        return not self.shut

    def _reached(self) -> None:
        self._missed = 0
        self._pause = _FIRST_PAUSE_S
        if self._shut_until is not None:
            self._shut_until = None
            metrics.TARGET_WAIT.set(0)
        self._probing = False
        self._changed.set()

    def _missed_one(self, retry_after: float | None, *, probe: bool) -> None:
        self._missed += 1
        if probe:
            self._probing = False
        if probe or self._missed == _SHUT_AFTER or (retry_after and self._shut_until is None):
            self._shut_until = self._clock() + max(self._pause, retry_after or 0.0)
            self._pause = min(_LONGEST_PAUSE_S, self._pause * 2)
            metrics.TARGET_WAIT.set(1)
        self._changed.set()
