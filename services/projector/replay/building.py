"""One set being read: what it holds nothing of fast, the rest batch by batch, until it can be compared or asked."""

import asyncio
import time

from services.common.database import transaction
from services.common.records import TopicPartition
from services.projector.core.handler import ReadModels
from services.projector.replay import store
from services.projector.replay.filling import Filling
from services.projector.replay.handover import compare_and_hand_over
from services.projector.replay.model import Kind, Replay, State
from services.projector.replay.pace import Pace
from services.projector.replay.reading import LogReader, Places
from services.projector.replay.task import Task
from services.projector.sets import catalog
from services.projector.sets.model import SetState

_BATCH = 10_000
_NEAR = 2_000
"""Records behind the set in use at which a replay is near enough to be compared."""
_TELL_EVERY_S = 0.5


class Build:
    """One set being read, from where it is."""

    def __init__(
        self,
        task: Task,
        replay: Replay,
        slot: str,
        reader: LogReader,
        handler: ReadModels,
        filling: Filling,
    ) -> None:
        self._task = task
        self._replay = replay
        self._slot = slot
        self._reader = reader
        self._handler = handler
        self._filling = filling
        self._pace = Pace({}, clock=time.monotonic)

    async def run(self) -> None:
        """Read, compare, hand over."""
        scratch = self._replay.kind is Kind.SCRATCH
        ends = await self._end_of_scratch() if scratch else await self._of_the_active_set()
        if scratch:
            await store.note_end(self._task.pool, self._replay.replay_id, ends)
        await self._fill(ends)
        if scratch:
            await self.read_to(ends)
            await self._leave_for_questions()
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

    async def _fill(self, ends: Places) -> None:
        """What the set holds nothing of, in the fast way; then stand where it is."""
        points = await self._seek()
        fresh = {
            here: end
            for here, end in ends.items()
            if here.topic == self._task.settings.log_topic and points[here] == 0 < end
        }
        self._pace = Pace(points, clock=time.monotonic)
        telling = asyncio.create_task(self._say_now_and_then(ends))
        filling = asyncio.create_task(self._filling.fill(self._reader, fresh, self._pace.read))
        both = (telling, filling)
        done, left = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        (filling if filling in done else telling).result()
        await self._seek()

    async def _say_now_and_then(self, ends: Places) -> None:
        while True:
            await self._say(ends)
            await asyncio.sleep(_TELL_EVERY_S)

    async def _seek(self) -> dict[TopicPartition, int]:
        return await self._reader.seek(await self._handler.positions(self._reader.partitions))

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
            if time.monotonic() - told > _TELL_EVERY_S:
                await self._say(ends)
                told = time.monotonic()
        topic = self._task.settings.projects_topic
        await self._handler.pass_over({here: end for here, end in ends.items() if here.topic == topic})
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

    async def _leave_for_questions(self) -> None:
        async with transaction(self._task.pool) as connection:
            await catalog.alone(connection)
            replay_id, worker = self._replay.replay_id, self._task.worker
            if not await store.end(connection, replay_id, worker, State.DONE, now=self._task.clock()):
                raise store.WorkLost
            await catalog.change_state(connection, self._slot, SetState.BUILDING, SetState.SCRATCH)
