"""How far the tables are behind the log: records ahead, and the age of the oldest one that is not in them.

The log is asked once a second where it ends, in every partition, whoever reads it; so the answer is right also
for partitions of another copy, and for those that nobody reads.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import structlog
from aiokafka.errors import KafkaError

from schemas.projects import CourseProject
from services.common.database import MISTAKES, OPERATIONAL_ERRORS, Connection, Pool, transaction
from services.common.records import TopicPartition
from services.common.sql import load_queries
from services.projector.core import metrics
from services.projector.core.model import ReadModel
from services.projector.core.slots import SET_DROPPED, use

EVERY_S = 1.0
_STALE = timedelta(seconds=10)
"""What was seen of the log's end longer ago says nothing about now."""

_SQL = load_queries("services.projector.core", "lag.sql")
_log = structlog.get_logger(__name__)


class Brokers(Protocol):
    """The part of the consumer that is needed here."""

    async def ends_of(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Ask where partitions end, also those that others read."""
        ...


class Stored(NamedTuple):
    """A stored position; `as_of`: the tables show the partition as it was then."""

    next_offset: int
    as_of: datetime


class Lag(NamedTuple):
    """What is not in the tables yet: records (None: the log does not answer), and the age of the oldest, seconds."""

    records: int | None
    seconds: float


@dataclass(slots=True)
class LogEnds:
    """Where the log ends, as last seen, and when each partition was last seen to be wholly in the tables."""

    ends: Mapping[TopicPartition, int] = field(default_factory=dict)
    seen: datetime | None = None
    whole: dict[TopicPartition, datetime] = field(default_factory=dict)

    def saw(
        self, ends: Mapping[TopicPartition, int], stored: Mapping[TopicPartition, Stored], at: datetime
    ) -> None:
        """The log ended at `ends` when it was asked, not before `at`; the positions were read after that."""
        self.ends, self.seen = ends, at
        for here, end in ends.items():
            if here in stored and stored[here].next_offset >= end:
                self.whole[here] = at

    def lag(self, here: TopicPartition, stored: Stored, now: datetime) -> Lag:
        """How far one partition is behind; without an answer of the log its age is what it is at most."""
        since = max(stored.as_of, self.whole.get(here, stored.as_of))
        age = max(0.0, (now - since).total_seconds())
        end = self.ends.get(here)
        if end is None or self.seen is None or now - self.seen > _STALE:
            return Lag(None, age)
        ahead = max(0, end - stored.next_offset)
        return Lag(ahead, age if ahead else 0.0)


def together(lags: Collection[Lag]) -> Lag:
    """Several partitions: the sum of the records, the greatest age."""
    records = [lag.records for lag in lags]
    known = None if None in records else sum(number or 0 for number in records)
    return Lag(known, max((lag.seconds for lag in lags), default=0.0))


def topics_of(model: ReadModel, *, log_topic: str, projects_topic: str) -> frozenset[str]:
    """The topics that a model folds."""
    kinds = {kind is CourseProject for kind in model.handles}
    return frozenset(
        ({projects_topic} if True in kinds else set()) | ({log_topic} if False in kinds else set())
    )


async def read_stored(tables: "Pool | Connection") -> tuple[str, dict[TopicPartition, Stored]]:
    """The set in use by its name, and its positions."""
    rows = await tables.fetch(_SQL["positions_of_set"])
    stored = {
        TopicPartition(row["topic"], row["partition"]): Stored(row["next_offset"], row["as_of"])
        for row in rows
        if row["topic"] is not None
    }
    return rows[0]["set"], stored


class Watching:
    """Looks once a second, for `LogEnds` and the metrics."""

    def __init__(
        self,
        pool: Pool,
        brokers: Brokers,
        ends: LogEnds,
        *,
        slots: Callable[[], Sequence[str]],
        models: Sequence[ReadModel],
        log_topic: str,
        projects_topic: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Prepare to look at the first of the sets that `slots` names: those that are fed are at the same place."""
        self._pool = pool
        self._brokers = brokers
        self._ends = ends
        self._slots = slots
        self._topics = {
            model.name: topics_of(model, log_topic=log_topic, projects_topic=projects_topic)
            for model in models
        }
        self._clock = clock

    async def run(self) -> None:
        """Look again and again; trouble is the consumer's to notice."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except MISTAKES:
                raise
            except (KafkaError, *OPERATIONAL_ERRORS, *SET_DROPPED) as error:
                _log.warning("lag_not_seen", error=type(error).__name__)

    async def look(self) -> None:
        """Look once."""
        now = self._clock()  # before asking: what comes later is not covered
        ends = await self._brokers.ends_of((await self._stored()).keys())
        stored = await self._stored()
        self._ends.saw(ends, stored, now)
        for name, topics in self._topics.items():
            lags = [self._ends.lag(here, at, now) for here, at in stored.items() if here.topic in topics]
            metrics.OLDEST_UNPROCESSED.labels(name).set(together(lags).seconds)

    async def _stored(self) -> dict[TopicPartition, Stored]:
        for slot in self._slots():
            async with transaction(self._pool) as connection:
                await use(connection, slot)
                return (await read_stored(connection))[1]
        return {}
