"""Who waits for the tables to pass a place in the log, and is told when they have."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from services.common.database import Pool
from services.common.records import TopicPartition
from services.common.sql import load_queries

_SQL = load_queries("services.projector.core")
_RE_READ_S = 0.1
"""How often a waiter looks at the table: the partition may be another copy's."""


class Board:
    """Where this process has got to. Waiters wake when it moves, and look at the table now and then."""

    def __init__(self) -> None:
        self._reached: dict[TopicPartition, int] = {}
        self._moved = asyncio.Event()

    def reached(self, positions: Mapping[TopicPartition, int]) -> None:
        """These positions are committed."""
        self._reached.update(positions)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def next_move(self) -> asyncio.Event:
        """Set when positions next move in this process; taken before looking, so that nothing is missed between."""
        return self._moved

    async def passed(self, pool: Pool, partition: TopicPartition, offset: int, *, wait_s: float) -> bool:
        """Whether the tables are past `offset`, waiting up to `wait_s` for it."""

        async def look() -> bool:
            if self._reached.get(partition, 0) > offset:
                return True
            return bool(await pool.fetchval(_SQL["passed"], partition.topic, partition.partition, offset))

        return await self.until(look, wait_s=wait_s)

    async def until(self, look: Callable[[], Awaitable[bool]], *, wait_s: float) -> bool:
        """Whether `look` finds what it looks for, again and again for up to `wait_s` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_s
        while True:
            moved = self._moved
            if await look():
                return True
            left = deadline - loop.time()
            if left <= 0:
                return False
            try:
                async with asyncio.timeout(min(left, _RE_READ_S)):
                    await moved.wait()
            except TimeoutError:
                continue
