"""What follows from the end of a course: its accounts are closed, as a job, until nothing of it is open."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from schemas.facts.accounts import CloseCause
from schemas.topics import LOG_PARTITIONS
from services.common.database import Connection, Pool, transaction
from services.provisioner.courses import endings
from services.provisioner.courses.courses import Courses
from services.provisioner.courses.endings import Ending
from services.provisioner.jobs import store as jobs
from services.provisioner.jobs.order import JobOrder
from services.provisioner.work.desk import Desk

logger = structlog.get_logger(__name__)

NOBODY = ""
_LOOK_EVERY_S = 0.5
_LONGEST_WAIT_S = 30.0
LOOKS = 6
"""How often nothing open must be seen, at least: within a minute every copy knows that the course is over."""


class Ender:
    """Begins what follows from an end, once for each, and looks again in the partitions that are ours."""

    def __init__(
        self,
        *,
        pool: Pool,
        desk: Desk,
        courses: Courses,
        topic: str,
        now: Callable[[], datetime],
        ordered: Callable[[], None],
    ) -> None:
        """Prepare; `topic` is that of projects, `ordered` is told that there is a new job."""
        self._pool = pool
        self._desk = desk
        self._courses = courses
        self._topic = topic
        self._now = now
        self._ordered = ordered

    async def step(self) -> None:
        """Begin what is to be begun and look where it is time to, course by course."""
        await asyncio.sleep(_LOOK_EVERY_S)
        while await self._begin():
            pass
        # No partition is ours before it was read to its end: an account that is not known yet cannot be missed.
        while (live := self._desk.live) and await self._look(live):
            pass

    async def _begin(self) -> bool:
        """One course: from now on every partition is looked at. Whether there was one.

        The statement itself makes sure that the topic was read beyond the end, and that this is the first copy.
        """
        now = self._now()
        async with transaction(self._pool) as connection:
            begun = await endings.begin(connection, self._topic, range(LOG_PARTITIONS), now=now)
        if begun is None:
            return False
        logger.info("course_over", project=str(begun.project_id), cause=_cause(begun.deleted))
        return True

    async def _look(self, live: frozenset[int]) -> bool:
        """One course, in the partitions of it that are due; whether there was one."""
        now = self._now()
        async with transaction(self._pool) as connection:
            due = await endings.take(connection, live, now=now)
            if not due or not self._courses.over(due[0].project_id, None):
                return False  # if this copy does not know of the end yet, it may still begin calls
            job_id = await self._close(connection, due, now=now)
        if job_id is not None:
            self._ordered()
        return True

    async def _close(self, connection: Connection, due: Sequence[Ending], *, now: datetime) -> UUID | None:
        """Order what exists to be closed, and bring forward what is still being made: it is to fail."""
        project_id = due[0].project_id
        found = await endings.open_accounts(connection, project_id, [ending.partition for ending in due])
        to_close = [here for here, (closable, _) in found.items() if closable]
        job_id = None
        if to_close:
            order = JobOrder(
                action="close",
                author=NOBODY,
                cause=_cause(due[0].deleted),
                project_id=project_id,
                partitions=to_close,
            )
            job_id = await jobs.create(connection, order, now=now)
        being_made = [here for here, (_, making) in found.items() if making]
        if being_made:
            await endings.bring_forward(connection, project_id, being_made, now=now)
        done = [ending.partition for ending in due if ending.partition not in found and ending.looks >= LOOKS]
        await endings.end(connection, project_id, done)
        for ending in due:
            if ending.partition not in done:
                await endings.put_off(
                    connection,
                    ending,
                    job_id if ending.partition in to_close else None,
                    due_at=now + wait(ending.looks),
                )
        closable = sum(count for count, _ in found.values())
        making = sum(count for _, count in found.values())
        if closable or making or done:
            logger.info("course_looked_at", project=str(project_id), to_close=closable, making=making)
        return job_id


def wait(looks: int) -> timedelta:
    """How long to wait before the next look: what is under way at the end of a course ends within seconds."""
    return timedelta(seconds=min(_LONGEST_WAIT_S, 2.0 ** min(looks, 10)))


def _cause(deleted: bool) -> CloseCause:
    return "project_deleted" if deleted else "course_ended"
