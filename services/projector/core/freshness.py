"""How old the tables are: a reader that is at the end says so about once a second; and whether they still are."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from aiokafka.errors import KafkaError

from services.common.database import MISTAKES, OPERATIONAL_ERRORS, Pool, transaction
from services.common.positions import positions_lost, touch_positions
from services.common.records import PositionLost, TopicPartition
from services.projector.core import metrics
from services.projector.core.slots import SET_DROPPED, use

EVERY_S = 1.0

_log = structlog.get_logger(__name__)


class Reader(Protocol):
    """The part of the consumer that is needed here."""

    @property
    def positions(self) -> Mapping[TopicPartition, int]:
        """Next offset to handle, per partition we own."""
        ...

    async def lag(self) -> Mapping[TopicPartition, int]:
        """Ask how many records lie ahead in each partition."""
        ...


class Freshness:
    """Marks partitions without anything ahead as up to date, and measures how old the others are."""

    def __init__(
        self,
        pool: Pool,
        reader: Reader,
        *,
        slots: Callable[[], Sequence[str]],
        clock: Callable[[], datetime],
    ) -> None:
        """Prepare to look at the sets that `slots` names, which `reader` feeds."""
        self._pool = pool
        self._reader = reader
        self._slots = slots
        self._clock = clock
        self._fresh: dict[TopicPartition, datetime] = {}

    async def run(self) -> None:
        """Look once a second; other trouble is the consumer's to notice.

        Raises:
            PositionLost: the tables were emptied; a new process fills them again from the log.
        """
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except MISTAKES:
                raise
            except (KafkaError, *OPERATIONAL_ERRORS, *SET_DROPPED) as error:
                _log.warning("freshness_not_noted", error=type(error).__name__)

    async def look(self) -> None:
        """Look once.

        Raises:
            PositionLost: the tables are older than what was read into them.
        """
        now = self._clock()  # before asking: what comes later is not covered
        slots, at = self._slots(), dict(self._reader.positions)
        for slot in slots:
            async with transaction(self._pool) as connection:
                await use(connection, slot)
                if await positions_lost(connection, at) and slots == self._slots():
                    raise PositionLost(
                        "the tables are older than what was read: they were emptied or restored"
                    )
        lag = await self._reader.lag()
        current = {place: offset for place, offset in at.items() if lag.get(place) == 0}
        if current:
            for slot in slots:
                async with transaction(self._pool) as connection:
                    await use(connection, slot)
                    await touch_positions(connection, current, as_of=now)
        self._fresh = {place: self._fresh.get(place, now) for place in at} | dict.fromkeys(current, now)
        metrics.LAG_AGE.clear()
        for place, since in self._fresh.items():
            metrics.LAG_AGE.labels(place.topic, place.partition).set((now - since).total_seconds())
