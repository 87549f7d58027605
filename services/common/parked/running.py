"""Working on jobs about parked records, one record after the other, not faster than ordered.

Any number of copies may run. A job is in one copy's hands at a time; if that one dies, another goes on after the
lease. A copy that was only asleep finds that the turn is not its own any more, and changes nothing.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from services.common.loops import forever, patiently, woken
from services.common.parked.doors import Door
from services.common.parked.settling import Settler
from services.common.parked.tables import Tables
from services.common.sql import load_queries

_SQL = load_queries("services.common.parked", "running.sql")
_LOOK_EVERY_S: Final = 1.0
_AT_ONCE: Final = 4
"""Jobs in one copy's hands: a slow one keeps none of the others waiting."""


class Runner:
    """Works on jobs."""

    def __init__(
        self,
        tables: Tables,
        door: Door,
        *,
        now: Callable[[], datetime],
        lease_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        redriven: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare.

        Args:
            tables: where records and jobs are.
            door: of the service.
            now: the time.
            lease_s: how long the job of a dead copy waits for another.
            clock: monotonic seconds.
            redriven: told after a record went through the door.
        """
        self._tables = tables
        self._lease_s = lease_s
        self._clock = clock
        self._redriven = redriven
        self._owner = uuid4()
        self._settler = Settler(tables, door, owner=self._owner, lease_s=lease_s, now=now)
        self._ours: set[UUID] = set()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that there is a job."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever."""
        try:
            async with asyncio.TaskGroup() as group:
                await forever("parked_jobs", lambda: self._look(group))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several

    async def lease(self) -> UUID | None:
        """Take a job in hand, if there is one for us."""
        async with self._tables.begin() as connection:
            job_id: UUID | None = await connection.fetchval(
                _SQL["lease"], self._owner, self._lease_s, list(self._ours)
            )
        return job_id

    async def work(self, job_id: UUID) -> None:
        """Go on with a job until it is over, or not ours any more."""
        due = self._clock()
        while (turn := await self._settler.turn(job_id)) is not None:
            if turn["action"] == "redrive":
                await asyncio.sleep(max(0.0, due - self._clock()))
                due = max(due, self._clock()) + 1 / turn["rate"]
            entry = await self._settler.entry(job_id, turn)
            outcome = await self._settler.settle(job_id, turn, entry)
            if outcome == "done" and turn["action"] == "redrive":
                self._redriven()

    async def _look(self, group: asyncio.TaskGroup) -> None:
        await woken(self._wake, within_s=_LOOK_EVERY_S)
        while len(self._ours) < _AT_ONCE and (job_id := await self.lease()) is not None:
            self._ours.add(job_id)
            group.create_task(self._work(job_id))

    async def _work(self, job_id: UUID) -> None:
        try:
            await patiently("parked_job", lambda: self.work(job_id))
        finally:
            self._ours.discard(job_id)
            self._wake.set()
