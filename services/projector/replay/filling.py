"""The fast way into an empty set: a whole partition is folded in memory and written once, by COPY.

A partition that was begun in another way, or is longer than what memory should hold, goes on batch by batch.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from services.common.database import Pool, transaction
from services.common.parked import Unread, park
from services.common.positions import move_positions
from services.common.records import Record, TopicPartition
from services.common.unknown_types import Places, by_type, keep_places
from services.projector.core.folding import Keep, apply_all
from services.projector.core.model import Fold, ReadModel, fact_types
from services.projector.core.moves import wanted
from services.projector.core.reading import read
from services.projector.core.slots import use
from services.projector.replay.reading import LogReader

_BATCH = 10_000
MOST_EVENTS = 200_000
"""Records of one partition that are folded before anything is written."""

Told = Callable[[Sequence[Record]], None]


class Whole(NamedTuple):
    """A partition from its beginning, folded."""

    last: Record
    folds: Sequence[Fold]
    unread: Sequence[Unread]
    unknown: Places


class Filling:
    """Fills one set.

    Args:
        pool: connections of the projector's role.
        slot: the set.
        models: what it consists of.
        projects_topic: the topic of reference data.
        keep: which events to fold; all of them if not given.
        clock: now, in UTC.
        most: records of one partition that are folded before anything is written.
    """

    def __init__(
        self,
        pool: Pool,
        slot: str,
        models: Sequence[ReadModel],
        *,
        projects_topic: str,
        keep: Keep | None,
        clock: Callable[[], datetime],
        most: int = MOST_EVENTS,
    ) -> None:
        self._pool = pool
        self._slot = slot
        self._models = models
        self._projects_topic = projects_topic
        self._keep = keep
        self._clock = clock
        self._most = most

    async def fill(self, reader: LogReader, ends: dict[TopicPartition, int], told: Told) -> None:
        """Read each of these partitions from its beginning until `ends`, one after the other.

        While PostgreSQL writes one, the next is being folded.

        Args:
            reader: stands at the beginning of each.
            ends: of partitions of which the set holds nothing.
            told: is told what was read.

        Raises:
            PositionLost: somebody else writes into this set.
        """
        writing: asyncio.Task[None] | None = None
        try:
            for here, end in ends.items():
                whole = await self._fold(reader, here, min(end, self._most), told)
                if writing is not None:
                    await writing
                writing = None if whole is None else asyncio.create_task(self._write(here, whole))
            if writing is not None:
                await writing
        finally:
            if writing is not None and not writing.done():
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)

    async def _fold(self, reader: LogReader, here: TopicPartition, end: int, told: Told) -> Whole | None:
        folds = [model.fold() for model in self._models]
        handled = fact_types(self._models)
        unread: list[Unread] = []
        unknown: Places = {}
        last: Record | None = None
        while not reader.done({here: end}):
            if not (records := await reader.read({here: end}, most=_BATCH)):
                continue
            batch = await read(records, projects_topic=self._projects_topic, handled=handled)
            unread += batch.unread
            by_type(batch.unknown, unknown)
            events = batch.events if self._keep is None else batch.only(self._keep).events
            await apply_all(self._models, folds, events)
            last = records[-1]
            told(records)
        return None if last is None else Whole(last, folds, unread, unknown)

    async def _write(self, here: TopicPartition, whole: Whole) -> None:
        plan = wanted([whole.last], {}, now=self._clock())
        async with transaction(self._pool) as connection:
            await use(connection, self._slot)
            await move_positions(
                connection, {here: (0, whole.last.offset + 1)}, as_of=plan.as_of, records=[whole.last]
            )
            await park(connection, whole.unread, now=self._clock())
            await keep_places(connection, whole.unknown, now=self._clock())
            for fold in whole.folds:
                await fold.fill(connection)
