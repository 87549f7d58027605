"""The projector's side of the log: what is folded becomes one transaction of position and rows, or nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from services.common.database import Pool, transaction
from services.common.parked import park
from services.common.positions import move_positions, read_positions
from services.common.records import PositionLost, Record, TopicPartition
from services.common.sql import load_queries
from services.projector.core import metrics
from services.projector.core.board import Board
from services.projector.core.model import Batch, Fold, Located, ReadModel, fact_types
from services.projector.core.reading import SLICE, Read, logged_at, read

_SQL = load_queries("services.projector.core")

_LANES = 2
_WORTH_A_LANE = 250
"""Records below which a second transaction costs more than waiting for the first."""


class ReadModels:
    """`RecordHandler` of the projector. Folding is idempotent, and the compare-and-set fences twins off."""

    def __init__(
        self,
        pool: Pool,
        models: Sequence[ReadModel],
        *,
        projects_topic: str,
        board: Board,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._models = models
        self._projects_topic = projects_topic
        self._board = board
        self._clock = clock
        self._handled = fact_types(models)
        self._stored: dict[TopicPartition, int] = {}

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The stored positions; from here on they are what the next batch must find unchanged."""
        found = await read_positions(self._pool, partitions)
        self._stored = {partition: found.get(partition, 0) for partition in partitions}
        self._board.reached(self._stored)
        return found

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Give partitions that were never read a position, so that their age is known."""
        await self._pool.execute(
            _SQL["begin_positions"],
            [p.topic for p in partitions],
            [p.partition for p in partitions],
            self._clock(),
        )

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Forget them."""
        for partition in partitions:
            self._stored.pop(partition, None)

    async def handle(self, records: Sequence[Record]) -> None:
        """Fold `records` into all tables and move the positions past them.

        Large batches go in lanes of whole partitions, each a transaction of its own: one folds while Postgres
        writes another. What lanes write never meets, because a key lies in one partition.

        Raises:
            PositionLost: another copy moved on; nothing was written in that lane.
        """
        outcomes = await asyncio.gather(*map(self._take, lanes_of(records)), return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def _take(self, records: Sequence[Record]) -> None:
        started = time.monotonic()
        batch = await read(records, projects_topic=self._projects_topic, handled=self._handled)
        folds = [model.fold() for model in self._models]
        try:
            moves, as_of = self._moves(records)
            await self._fold_and_store(batch, folds, moves, as_of)
        except PositionLost:
            metrics.POSITIONS_LOST.inc()
            raise
        reached = {partition: following for partition, (_, following) in moves.items()}
        self._stored |= reached
        self._board.reached(reached)
        _measure(batch, time.monotonic() - started)

    async def _fold_and_store(
        self,
        batch: Read,
        folds: Sequence[Fold],
        moves: Mapping[TopicPartition, tuple[int, int]],
        as_of: datetime,
    ) -> None:
        if batch.events:
            # Outside the transaction: if these rows were not those of the expected position, moving it fails.
            async with self._pool.acquire(timeout=10) as connection:
                loaded = Batch(batch.events, {})
                for fold in folds:
                    await fold.load(connection, loaded)
            await self._fold(batch.events, folds)
        async with transaction(self._pool) as connection:
            await move_positions(connection, moves, as_of=as_of)
            await park(connection, batch.unread, now=self._clock())
            for fold in folds:
                await fold.store(connection)

    async def _fold(self, events: Sequence[Located], folds: Sequence[Fold]) -> None:
        routes = {
            kind: [f.apply for f, m in zip(folds, self._models, strict=True) if kind in m.handles]
            for kind in self._handled
        }
        for start in range(0, len(events), SLICE):
            for event in events[start : start + SLICE]:
                change = None
                for apply in routes[type(event.fact)]:
                    change = apply(event, change)
            await asyncio.sleep(0)

    def _moves(self, records: Sequence[Record]) -> tuple[dict[TopicPartition, tuple[int, int]], datetime]:
        last: dict[tuple[str, int], Record] = {(r.topic, r.partition): r for r in records}
        moves = {}
        for (topic, partition), record in last.items():
            here = TopicPartition(topic, partition)
            expected = self._stored.get(here, 0)
            if record.offset < expected:
                raise PositionLost(
                    f"{topic}/{partition} was read from before {expected}, where the tables are"
                )
            moves[here] = (expected, record.offset + 1)
        return moves, min(self._clock(), *(logged_at(record) for record in last.values()))


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
    if batch.unknown:
        metrics.UNKNOWN.inc(batch.unknown)
    for record, reason in batch.unread:
        metrics.PARKED.labels(record.topic, reason.code).inc()
