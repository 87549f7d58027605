"""Hands out slots of the rate to who waits for one, first come, first served."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from services.common.loops import woken
from services.provisioner import metrics
from services.provisioner.target.slots import Rate, Slots

_LOOK_EVERY_S = 0.25


Reserve = Callable[[Rate, int], Awaitable[float]]
"""Reserves so many slots in the shared row; the first one's moment, in seconds of our own clock."""


class Pacer:
    """The waiters of one process, and the slots it holds for them."""

    def __init__(self, *, clock: Callable[[], float], flowing: Callable[[], bool]) -> None:
        """Nobody waits; `flowing` says whether calls are made at all."""
        self._clock = clock
        self._flowing = flowing
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self._slots = Slots()
        self._rate: Rate | None = None
        self._news = asyncio.Event()
        self._wanted = asyncio.Event()

    @property
    def rate(self) -> float | None:
        """Calls a second."""
        return None if self._rate is None else self._rate.per_second

    def limit(self, per_second: float | None) -> None:
        """So many calls a second from now on; slots of another rate are void."""
        rate = None if per_second is None else Rate(per_second)
        if rate != self._rate:
            self._rate = rate
            self._slots.drop()
            self.wake()

    def wake(self) -> None:
        """Something changed: who waits may have to wait no longer."""
        self._news.set()
        self._wanted.set()

    async def slot(self, *, first: bool = False) -> bool:
        """Wait for a slot, before all others if `first`; False: look again, as things changed."""
        if self._rate is None:
            return True
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if first:
            self._waiting.appendleft(mine)
        else:
            self._waiting.append(mine)
        self.wake()
        return await mine

    def hand_over(self) -> None:
        """A slot was not used: the next in line may have it."""
        if self._rate is not None and self._grant():
            return
        self._count_wasted(1 if self._rate is not None else 0)

    def release_all(self) -> None:
        """Let everybody look again."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(False)
        self._waiting.clear()

    async def run(self) -> None:
        """Hand out slots as their moments come, for ever."""
        while True:
            wait = self._step()
            self._news.clear()
            try:
                async with asyncio.timeout(min(wait, _LOOK_EVERY_S)):
                    await self._news.wait()
            except TimeoutError:
                pass

    def _step(self) -> float:
        """Hand out what is due; seconds until the next."""
        if self._rate is None or not self._flowing():
            self.release_all()
            return _LOOK_EVERY_S
        while self._waiting:
            if self._waiting[0].done():
                self._waiting.popleft()
                continue
            wait = self._slots.take(self._clock())
            self._count_wasted(0)
            if wait > 0:
                self._wanted.set()
                return wait
            self._grant()
        return _LOOK_EVERY_S

    def _grant(self) -> bool:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(True)
                metrics.SLOTS.labels("used").inc()
                return True
        return False

    async def reserve(self, reserve: Reserve) -> None:
        """Wait until more slots are wanted, then reserve them."""
        await woken(self._wanted, within_s=_LOOK_EVERY_S)
        rate = self._rate
        if rate is None or not self._flowing():
            return
        count = self._slots.wanted(rate, sum(not waiting.done() for waiting in self._waiting))
        if count:
            first = await reserve(rate, count)
            if rate == self._rate:
                self._slots.add(rate, first, count)
                self._news.set()

    def _count_wasted(self, more: int) -> None:
        wasted, self._slots.wasted = self._slots.wasted + more, 0
        if wasted:
            metrics.SLOTS.labels("wasted").inc(wasted)
