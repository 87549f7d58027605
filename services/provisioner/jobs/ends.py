"""Who waits for the end of a job, and is told of it at once where it ended in this process."""

import asyncio
from uuid import UUID


class Ends:
    """Waiters by job."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._waiters: dict[UUID, set[asyncio.Event]] = {}

    def came(self, job_id: UUID) -> None:
        """A job has ended, and that is committed."""
        for event in self._waiters.get(job_id, ()):
            event.set()

    async def wait(self, job_id: UUID, within_s: float) -> None:
        """Return when the job ends here, or after `within_s` seconds: another copy may have ended it."""
        event = asyncio.Event()
        self._waiters.setdefault(job_id, set()).add(event)
        try:
            async with asyncio.timeout(within_s):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            waiting = self._waiters[job_id]
            waiting.discard(event)
            if not waiting:
                del self._waiters[job_id]
