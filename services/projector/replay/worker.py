"""The work of a replay: read the log into a set of its own, compare it, and hand it over or leave it for questions.

Killed at any moment it is taken up again from the positions of its set. It writes to that set and to the row of the
replay, and to nothing else: it has no producer and nobody to call.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from aiokafka.errors import KafkaError

from services.common.database import OPERATIONAL_ERRORS, Pool, transaction
from services.common.records import LogDamaged, PositionLost, TopicPartition
from services.common.sql import load_queries
from services.projector.core.board import Board
from services.projector.core.folding import Keep
from services.projector.core.handler import ReadModels
from services.projector.core.model import ReadModel
from services.projector.core.sets import ensure_set
from services.projector.core.slots import checked
from services.projector.replay import store
from services.projector.replay.handover import compare_and_hand_over
from services.projector.replay.model import Kind, Replay, State
from services.projector.replay.pace import Pace
from services.projector.replay.reading import LogReader, Places
from services.projector.replay.slicing import OfProject
from services.projector.sets import catalog
from services.projector.sets.feeding import Editions, OneFeed
from services.projector.sets.model import SetState
from services.projector.settings import ProjectorSettings

_SQL = load_queries("services.projector.replay", "reading.sql")
_BATCH = 10_000
_NEAR = 2_000
"""Records behind the set in use at which a replay is near enough to be compared."""
_AWAY: tuple[type[Exception], ...] = (*OPERATIONAL_ERRORS, KafkaError, PositionLost)
_AGAIN_AFTER_S = 1.0

_log = structlog.get_logger(__name__)


class CannotBuild(Exception):
    """The replay has failed for good: a stable code, and a sentence with what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Task:
    """What one process works on."""

    pool: Pool
    settings: ProjectorSettings
    editions: Editions
    worker: UUID
    clock: Callable[[], datetime]


async def work(task: Task, replay_id: UUID) -> None:
    """Do all of it; what is away is waited for, what cannot be cured ends the replay with a sentence."""
    while True:
        try:
            await _once(task, replay_id)
        except store.WorkLost:
            _log.info("replay_left", replay=str(replay_id))
        except CannotBuild as reason:
            await _failed(task, replay_id, reason.code, str(reason))
        except LogDamaged as damage:
            await _failed(task, replay_id, "LOG_DAMAGED", str(damage))
        except _AWAY as error:
            _log.warning("replay_interrupted", replay=str(replay_id), error=type(error).__name__)
            await asyncio.sleep(_AGAIN_AFTER_S)
            continue
        return


async def _once(task: Task, replay_id: UUID) -> None:
    replay = await store.one(task.pool, replay_id)
    if replay is None:
        raise store.WorkLost
    slot, models = await _prepared(task, replay)
    reader = LogReader(
        task.settings.kafka,
        [task.settings.log_topic, task.settings.projects_topic],
        sparse=[task.settings.projects_topic],
    )
    await reader.start()
    try:
        handler = ReadModels(
            task.pool,
            OneFeed(slot, models),
            projects_topic=task.settings.projects_topic,
            board=Board(),
            clock=task.clock,
            keep=await _keep(task, replay),
        )
        points = await reader.seek(await handler.positions(reader.partitions))
        build = Build(task, replay, slot, reader, handler, points)
        await build.run()
    finally:
        await reader.stop()


class Build:
    """One set being read, from where it is."""

    def __init__(
        self, task: Task, replay: Replay, slot: str, reader: LogReader, handler: ReadModels, points: Places
    ) -> None:
        self._task = task
        self._replay = replay
        self._slot = slot
        self._reader = reader
        self._handler = handler
        self._pace = Pace(points, clock=time.monotonic)

    async def run(self) -> None:
        """Read, compare, hand over."""
        if self._replay.kind is Kind.SCRATCH:
            ends = await self._end_of_scratch()
            await store.note_end(self._task.pool, self._replay.replay_id, ends)
            await self.read_to(ends)
            await catalog.change_state(self._task.pool, self._slot, SetState.BUILDING, SetState.SCRATCH)
            await self._end(State.DONE)
            return
        while True:
            ends = await self._of_the_active_set()
            near = self._pace.left(ends) <= _NEAR
            await self.read_to(ends)
            if near:
                break
        await self._advance(State.COMPARING)
        await compare_and_hand_over(
            self._task.pool,
            self._task.editions,
            self._replay,
            self._slot,
            self.read_to,
            now=self._task.clock,
        )

    async def read_to(self, ends: Places) -> None:
        """Read until exactly there.

        Raises:
            WorkLost: the replay was cancelled, or somebody else's process works on it.
        """
        await self._say(ends)
        told = time.monotonic()
        while not self._reader.done(ends):
            records = await self._reader.read(ends, most=_BATCH)
            if records:
                await self._handler.handle(records)
                self._pace.read(records)
            if time.monotonic() - told > 0.5:
                await self._say(ends)
                told = time.monotonic()
        await self._say(ends)

    async def _of_the_active_set(self) -> dict[TopicPartition, int]:
        slot, _ = await catalog.active_slot(self._task.pool)
        return await catalog.positions_of(self._task.pool, slot)

    async def _end_of_scratch(self) -> dict[TopicPartition, int]:
        """As asked for, or as it was found out when this replay first began; never beyond the end of the log."""
        ends = await self._reader.ends()
        asked = self._replay.until_offsets
        if asked is not None:
            named = {TopicPartition(topic, partition): offset for topic, partition, offset in asked}
            return {here: min(named.get(here, end), end) for here, end in ends.items()}
        if self._replay.until_time is None:
            return ends
        places = await self._reader.at(self._replay.until_time)
        # Names of projects are reference data: a topic that forgets has no past to go back to.
        return {
            here: at if here.topic == self._task.settings.log_topic else ends[here]
            for here, at in places.items()
        }

    async def _say(self, ends: Places) -> None:
        await store.progress(
            self._task.pool,
            self._replay.replay_id,
            self._task.worker,
            total=self._pace.total(ends),
            done=self._pace.done,
            rate=self._pace.rate(),
            now=self._task.clock(),
        )

    async def _advance(self, state: State) -> None:
        await store.advance(self._task.pool, self._replay.replay_id, self._task.worker, state)

    async def _end(self, state: State) -> None:
        await store.end(
            self._task.pool, self._replay.replay_id, self._task.worker, state, now=self._task.clock()
        )


async def _prepared(task: Task, replay: Replay) -> tuple[str, Sequence[ReadModel]]:
    """The slot and its models; tables made, or found as an earlier process left them."""
    models = task.editions.get(replay.edition)
    if models is None:
        raise CannotBuild(
            "EDITION_UNKNOWN",
            f"This version has no edition {replay.edition}; it has {', '.join(task.editions)}.",
        )
    slot = replay.slot
    if slot is None:
        async with transaction(task.pool) as connection:
            try:
                slot = await catalog.take_slot(
                    connection, edition=replay.edition, replay_id=replay.replay_id, now=task.clock()
                )
            except catalog.NoSlot:
                raise CannotBuild(
                    "NO_ROOM", "There are as many sets as there is room for. Clean up a replay that is over."
                ) from None
            await store.advance(connection, replay.replay_id, task.worker, State.BUILDING, slot=slot)
    else:
        await store.advance(task.pool, replay.replay_id, task.worker, State.BUILDING)
    # A filter has to see the log from its beginning: it learns from it.
    await ensure_set(
        task.pool, models, schema=slot, rebuild_outdated=True, anew=replay.project_id is not None
    )
    return slot, models


async def _keep(task: Task, replay: Replay) -> Keep | None:
    if replay.project_id is None:
        return None
    active, _ = await catalog.active_slot(task.pool)
    query = _SQL["imports_of_project"].format(slot=checked(active))
    rows = await task.pool.fetch(query, replay.project_id)
    return OfProject(replay.project_id, (row["import_id"] for row in rows))


async def _failed(task: Task, replay_id: UUID, code: str, sentence: str) -> None:
    _log.error("replay_failed", replay=str(replay_id), code=code)
    await store.end(
        task.pool, replay_id, task.worker, State.FAILED, now=task.clock(), code=code, message=sentence
    )
