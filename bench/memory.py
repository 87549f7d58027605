"""How much memory processes take at the most, with all their children."""

import asyncio
from collections.abc import Collection
from typing import Final, Self

import psutil

_EVERY_S: Final = 0.05
_MIB: Final = 2**20


class Peak:
    """Looks at the resident memory again and again as long as the context lasts.

    Pages that parent and child share count for both, so the true number is not higher than `mib`.

    Args:
        pids: the processes; their children are found anew at each look.
    """

    def __init__(self, pids: Collection[int]) -> None:
        self._pids = pids
        self.mib = 0.0

    async def __aenter__(self) -> Self:
        """Begin to look."""
        self._task = asyncio.create_task(self._watch(), name="watch_memory")
        return self

    async def __aexit__(self, *_: object) -> None:
        """One last look."""
        self._task.cancel()
        self._look()

    async def _watch(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(_EVERY_S)

    def _look(self) -> None:
        self.mib = max(self.mib, sum(map(_resident, self._pids)) / _MIB)


def _resident(pid: int) -> int:
    total = 0
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
