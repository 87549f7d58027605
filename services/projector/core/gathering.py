"""Reads of many askers in few statements, and each answer as fresh as if it had been asked for alone."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

AT_ONCE = 500
"""Most keys in one read."""
MOST_WAITING = 20_000
"""Most askers at a time; each holds a connection, so that this is a last bound."""


class Crowded(TimeoutError):
    """More askers than can be answered in time; an operational error: ask again in a moment."""


class Gathered(Generic[K, V]):
    """Whoever asks while a read is under way is answered by the next one, together with all others who do.

    An answer never comes from a read that began before it was asked for: reading one's own writes stays exact. One
    read is under way at a time, so the busier a process is, the more askers share one.
    """

    def __init__(
        self,
        read: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        *,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Prepare to gather.

        Args:
            read: reads some keys, each once; what is not there is left out of its answer.
            at_once: most keys it is given.
            most_waiting: most askers at a time.
        """
        self._read = read
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._asked: dict[K, list[asyncio.Future[V | None]]] = {}
        self._waiting = 0
        self._reader: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """What the next read finds under `key`; None if nothing is there.

        Raises:
            Crowded: too many wait already.
            Exception: what the read raised, which all its askers get.
        """
        if self._waiting >= self._most_waiting:
            raise Crowded("too many requests wait for the database")
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(key, []).append(answer)
        if self._reader is None:
            self._reader = asyncio.create_task(self._read_on(), name="gathered-reads")
        self._waiting += 1
        try:
            return await answer
        finally:
            self._waiting -= 1

    async def _read_on(self) -> None:
        """Read until nobody asks any more."""
        taken: dict[K, list[asyncio.Future[V | None]]] = {}
        try:
            while self._asked:
                taken = self._take()
                await self._answer(taken)
        finally:
            self._reader = None
            left, self._asked = self._asked, {}
            for asker in (*_askers(taken), *_askers(left)):  # there are some only if this task was ended
                asker.cancel()

    def _take(self) -> dict[K, list[asyncio.Future[V | None]]]:
        if len(self._asked) <= self._at_once:
            taken, self._asked = self._asked, {}
            return taken
        return {key: self._asked.pop(key) for key in list(self._asked)[: self._at_once]}

    async def _answer(self, taken: Mapping[K, list[asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._read(list(taken))
        except Exception as error:  # noqa: BLE001 - whatever it is, every asker gets it
            for asker in _askers(taken):
                asker.set_exception(error)
            return
        for key, askers in taken.items():
            value = found.get(key)
            for asker in askers:
                if not asker.done():
                    asker.set_result(value)


def _askers(asked: Mapping[K, list[asyncio.Future[V | None]]]) -> list[asyncio.Future[V | None]]:
    """Those who still wait: one who went away does not."""
    return [asker for askers in asked.values() for asker in askers if not asker.done()]
