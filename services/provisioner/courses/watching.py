"""Keeping what is known of courses fresh: how far the topic was read, and what this or another copy read of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from aiokafka.errors import KafkaError

from services.common.consumer import LogConsumer
from services.common.database import ACQUIRE_TIMEOUT_S, MISTAKES, OPERATIONAL_ERRORS, Pool
from services.common.positions import positions_lost, touch_positions
from services.common.process import Stuck
from services.common.records import PositionLost
from services.provisioner.courses import store
from services.provisioner.courses.courses import Courses
from services.provisioner.courses.reading import NEVER, ProjectsHandler

logger = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.5
_OVERLAP_S = 60.0
_KNOWN_WITHIN_S = 60.0
_KNOWN_LOOK_EVERY_S = 0.02


class Watch:
    """One copy's look at projects; several copies share the topic and see the same tables."""

    def __init__(
        self,
        *,
        pool: Pool,
        courses: Courses,
        handler: ProjectsHandler,
        consumer: LogConsumer,
        topic: str,
        ended: Callable[[], None],
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        """Prepare; `ended` is told when a course may be over, `clock` gives monotonic seconds."""
        self._pool = pool
        self._courses = courses
        self._handler = handler
        self._consumer = consumer
        self._topic = topic
        self._ended = ended
        self._now = now
        self._clock = clock
        self._looked: float | None = None
        courses.follow()

    async def known(self) -> None:
        """Wait until all projects that are there have been read, by whichever copy.

        Raises:
            Stuck: they have not within a minute.
        """
        try:
            async with asyncio.timeout(_KNOWN_WITHIN_S):
                while not self._courses.known:
                    await self.look()
                    await asyncio.sleep(_KNOWN_LOOK_EVERY_S)
        except TimeoutError:
            raise Stuck("the topic of projects could not be read to its end") from None

    async def look(self) -> None:
        """Note how far we have read, and learn what there is to know.

        Raises:
            PositionLost: the tables are older than what was read into them; a new process reads again.
        """
        try:
            await self._note()
        except MISTAKES:
            raise
        except (KafkaError, *OPERATIONAL_ERRORS) as error:
            # Nothing is over that was not over before: that waits until the topic can be asked again.
            logger.warning("projects_not_looked_at", error=type(error).__name__)
        await self._learn()

    async def _note(self) -> None:
        now = self._now()  # before asking: what comes later is not covered
        at = dict(self._consumer.positions) if self._consumer.ready else {}
        if not at:
            return
        unread = {here: offset for here, offset in at.items() if here not in self._handler.stored}
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            await store.note_unread(connection, unread, as_of=NEVER)
        if await positions_lost(self._pool, at) and self._consumer.ready:
            raise PositionLost("the tables know less of projects than was read: reading them again")
        lag = await self._consumer.lag()
        current = {here: offset for here, offset in at.items() if lag.get(here) == 0}
        if current:
            await touch_positions(self._pool, current, as_of=now)
        if len(current) == len(at):
            self._handler.read_to = now

    async def _learn(self) -> None:
        started = self._clock()
        recently = self._looked is not None and started - self._looked < _OVERLAP_S / 2
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            # In this order: what was read before that moment must be among the terms.
            read_to = await store.read_to(connection, self._topic)
            terms = await store.terms(connection, within_s=_OVERLAP_S if recently else None)
        self._looked = started
        if self._courses.learn(terms, read_to=None if read_to == NEVER else read_to):
            self._ended()
