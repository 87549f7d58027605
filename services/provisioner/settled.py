"""Below which id the outbox is settled: what was there has gone out, and nothing can come any more.

The relay reads from here on. Without it, every reading passes all that was relayed and deleted since vacuum last
could clean up; while somebody holds a transaction open, that is everything since then.
"""

import time
from collections.abc import Callable

from services.common.database import Connection
from services.provisioner.store import outbox

_EVERYTHING_S = 60.0


class Settled:
    """The id, moved up when it is certain.

    An id is given out before its batch is committed, so a lower one may appear after a higher one has gone out. It
    is certain only when every transaction has ended that was writing when the id was the last given out.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at the bottom; `clock` is monotonic seconds."""
        self.id = 0
        """Nothing of the partitions asked for lies at or below it."""
        self._clock = clock
        self._for: frozenset[int] = frozenset()
        self._since = clock()
        self._last: int | None = None
        self._writers: set[str] = set()

    def cover(self, partitions: frozenset[int]) -> None:
        """Say which partitions are asked for; with a new one, and now and then, everything is looked at."""
        if not partitions <= self._for or self._clock() - self._since > _EVERYTHING_S:
            self.id, self._since, self._last = 0, self._clock(), None
        self._for = partitions

    async def look(self, connection: Connection) -> None:
        """Move the id up as far as is certain by now."""
        if self._last is None:
            self._last = await outbox.last_id(connection)
            self._writers = await outbox.writers(connection)
        else:
            self._writers &= await outbox.writers(connection)
        if self._writers:
            return
        last, self._last = self._last, None
        if last < self.id:  # ids began anew: other tables than those we knew
            self.id = 0
            return
        oldest = await outbox.oldest(connection, self._for, after=self.id)
        self.id = last if oldest is None else min(last, oldest - 1)
