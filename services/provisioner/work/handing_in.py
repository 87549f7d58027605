"""Outcomes on their way to the recorder: collected in batches, kept back while their tables may be too old."""

import asyncio
from collections.abc import Callable

from services.provisioner.account.outcome import Outcome
from services.provisioner.work.turns import Item

Handed = tuple[Item, Outcome | None]
"""None: nothing was tried."""

_MOST = 1000
_LINGER_S = 0.01
_FEW = 100
_LOOK_EVERY_S = 0.1


class HandedIn:
    """A queue that gives batches."""

    def __init__(self, *, healing: Callable[[int], bool]) -> None:
        """Empty; `healing` says of a partition that it is being read to its end, over tables that may be older."""
        self._healing = healing
        self._new: asyncio.Queue[Handed] = asyncio.Queue()
        self.kept_back: list[Handed] = []

    def put(self, handed: Handed) -> None:
        """One more."""
        self._new.put_nowait(handed)

    async def batch(self) -> list[Handed]:
        """What can be recorded now; waits until there is something, and a little for more."""
        while True:
            waiting = self.kept_back + await self._next()
            self.kept_back = [handed for handed in waiting if self._healing(handed[0].stored.partition)]
            if not self.kept_back:
                return waiting
            ready = [handed for handed in waiting if not self._healing(handed[0].stored.partition)]
            if ready:
                return ready

    async def _next(self) -> list[Handed]:
        try:
            async with asyncio.timeout(_LOOK_EVERY_S if self.kept_back else None):
                batch = [await self._new.get()]
        except TimeoutError:
            return []
        if self._new.qsize() < _FEW:
            await asyncio.sleep(_LINGER_S)
        while len(batch) < _MOST and not self._new.empty():
            batch.append(self._new.get_nowait())
        return batch
