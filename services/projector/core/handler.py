"""The projector's side of the log: what is folded becomes one transaction of position and rows, or nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from services.common.database import Connection, Pool, transaction
from services.common.parked import park
from services.common.positions import move_positions, read_positions
from services.common.records import PositionLost, Record, TopicPartition
from services.common.sql import load_queries
from services.common.unknown_types import STILL_UNKNOWN, keep_unknown
from services.projector.core import metrics
from services.projector.core.board import Board
from services.projector.core.folding import Keep, fold_into
from services.projector.core.model import fact_types
from services.projector.core.moves import Wanted, wanted
from services.projector.core.reading import Read, read
from services.projector.core.slots import use
from services.projector.sets.feeding import Feed, Feeds

_SQL = load_queries("services.projector.core")

_LANES = 2
_WORTH_A_LANE = 250
"""Records below which a second transaction costs more than waiting for the first."""


class ReadModels:
    """`RecordHandler` of the projector. Folding is idempotent, and the compare-and-set fences twins off.

    A batch goes to every set that is fed, in one transaction: two such sets never differ in how far they are, so
    it does not matter to a reader which of them answers (decision D7).
    """

    def __init__(
        self,
        pool: Pool,
        feeds: Feeds,
        *,
        projects_topic: str,
        board: Board,
        clock: Callable[[], datetime],
        keep: Keep | None = None,
    ) -> None:
        """Prepare a reader.

        Args:
            pool: connections of the projector's role.
            feeds: which sets to feed.
            projects_topic: the topic of reference data; every other record is of the log.
            board: told how far all fed sets are.
            clock: now, in UTC.
            keep: which events to fold, of those that can be read; all of them if not given.
        """
        self._pool = pool
        self._source = feeds
        self._projects_topic = projects_topic
        self._board = board
        self._clock = clock
        self._keep = keep
        self._feeds: list[Feed] = []
        self._handled: frozenset[type] = frozenset()

    @property
    def slots(self) -> tuple[str, ...]:
        """The sets that are fed, as last looked at."""
        return tuple(feed.slot for feed in self._feeds)

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The stored positions; from here on they are what the next batch must find unchanged.

        Where fed sets differ, the least: a set that is further on is given only what it does not have yet.
        """
        feeds = await self._source.find(self._pool)
        found: dict[TopicPartition, int] = {}
        for feed in feeds:
            async with transaction(self._pool) as connection:
                await use(connection, feed.slot)
                stored = await read_positions(connection, partitions)
            feed.stored = {partition: stored.get(partition, 0) for partition in partitions}
            for here in partitions:
                if here in stored:
                    found[here] = min(found.get(here, stored[here]), stored[here])
        for here in [here for here in found if any(feed.stored[here] == 0 for feed in feeds)]:
            del found[here]
        self._feeds = feeds
        self._handled = fact_types([model for feed in feeds for model in feed.models])
        self._tell()
        return found

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Give partitions that were never read a position, so that their age is known."""
        for feed in self._feeds:
            async with transaction(self._pool) as connection:
                await use(connection, feed.slot)
                await connection.execute(
                    _SQL["begin_positions"],
                    [p.topic for p in partitions],
                    [p.partition for p in partitions],
                    self._clock(),
                )

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Forget them."""
        for feed in self._feeds:
            for partition in partitions:
                feed.stored.pop(partition, None)

    async def handle(self, records: Sequence[Record]) -> None:
        """Fold `records` into all tables and move the positions past them.

        Large batches go in lanes of whole partitions, each a transaction of its own: one folds while Postgres
        writes another. What lanes write never meets, because a key lies in one partition.

        Raises:
            PositionLost: another copy moved on, or other sets are to be fed now; nothing was written in that lane.
        """
        outcomes = await asyncio.gather(*map(self._take, lanes_of(records)), return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def pass_over(self, ends: Mapping[TopicPartition, int]) -> None:
        """Move the positions to `ends`: nothing is left before them, because a compacted topic forgets.

        Raises:
            PositionLost: another copy moved on.
        """
        for feed in self._feeds:
            moves = {
                here: (feed.stored[here], end)
                for here, end in ends.items()
                if feed.stored.get(here, end) < end
            }
            if not moves:
                continue
            async with transaction(self._pool) as connection:
                await use(connection, feed.slot)
                await move_positions(connection, moves, as_of=self._clock())
            feed.stored |= {here: end for here, (_, end) in moves.items()}

    async def redrive(self, record: Record) -> None:
        """Fold one record once more, in every fed set, without moving a position; what is known stays.

        Raises:
            Unreadable: it still cannot be read.
        """
        batch = await self._read([record])
        for _, reason in batch.unread:
            raise reason
        if batch.unknown:
            raise STILL_UNKNOWN
        async with transaction(self._pool) as connection:
            for feed in await self._source.find(connection):
                await use(connection, feed.slot)
                # Held, so that no batch in between works on accounts that were loaded before this.
                await connection.execute(_SQL["hold_position"], record.topic, record.partition)
                await fold_into(connection, feed.models, batch.events)

    async def _take(self, records: Sequence[Record]) -> None:
        started = time.monotonic()
        plans = [(feed, wanted(records, feed.stored, now=self._clock())) for feed in self._feeds]
        if not any(plan.moves for _, plan in plans):
            raise PositionLost("nobody wants these records: they were read from before the stored positions")
        whole = await self._read(records)
        try:
            async with transaction(self._pool) as connection:
                for feed, plan in plans:
                    await use(connection, feed.slot)
                    await move_positions(connection, plan.moves, as_of=plan.as_of, records=records)
                if not await self._source.agrees(connection, self.slots):
                    raise PositionLost("other sets of read models are to be fed now")  # noqa: TRY301
                for feed, plan in plans:
                    await self._feed(connection, feed, plan, whole)
        except PositionLost:
            metrics.POSITIONS_LOST.inc()
            raise
        for feed, plan in plans:
            feed.stored |= {partition: following for partition, (_, following) in plan.moves.items()}
        self._tell()
        _measure(whole, time.monotonic() - started)

    async def _feed(self, connection: Connection, feed: Feed, plan: Wanted, whole: Read) -> None:
        batch = whole if plan.whole else await self._read(plan.records)
        await use(connection, feed.slot)
        await park(connection, batch.unread, now=self._clock())
        await keep_unknown(connection, batch.unknown, now=self._clock())
        await fold_into(connection, feed.models, batch.events)

    async def _read(self, records: Sequence[Record]) -> Read:
        batch = await read(records, projects_topic=self._projects_topic, handled=self._handled)
        return batch if self._keep is None else batch.only(self._keep)

    def _tell(self) -> None:
        reached: dict[TopicPartition, int] = {}
        for feed in self._feeds:
            for here, offset in feed.stored.items():
                reached[here] = min(reached.get(here, offset), offset)
        self._board.reached(reached)


def lanes_of(records: Sequence[Record]) -> list[Sequence[Record]]:
    """Cut a large batch into lanes of whole partitions, as even as they come; a small one stays whole."""
    if len(records) < _WORTH_A_LANE * _LANES:
        return [records]
    partitions: dict[tuple[str, int], list[Record]] = {}
    for record in records:
        partitions.setdefault((record.topic, record.partition), []).append(record)
    lanes: list[list[Record]] = [[] for _ in range(_LANES)]
    for of_partition in sorted(partitions.values(), key=len, reverse=True):
        min(lanes, key=len).extend(of_partition)
    return [lane for lane in lanes if lane]


def _measure(batch: Read, seconds: float) -> None:
    metrics.BATCH_SECONDS.observe(seconds)
    for kind, count in Counter(type(event.fact) for event in batch.events).items():
        metrics.EVENTS.labels(kind.TYPE).inc(count)
    for name, count in metrics.UNKNOWN_TYPES.count(batch.unknown).items():
        metrics.UNKNOWN.labels(name).inc(count)
    for record, reason in batch.unread:
        metrics.PARKED.labels(record.topic, reason.code).inc()
