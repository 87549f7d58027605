"""The relay: from the outbox to the log, in order, each batch confirmed before it is forgotten.

It always reads the table, never a queue in memory: what another process left behind, or committed after its
partition was taken away, goes out by the same path and in the same order. Each partition goes its own pace: it is
read again when all that was read of it is confirmed and forgotten, whatever the others do.
"""

import asyncio
import time
from collections.abc import Callable
from itertools import groupby
from typing import Protocol

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.loops import forever, patiently
from services.common.records import Message
from services.provisioner import metrics
from services.provisioner.settled import Settled
from services.provisioner.steps import Reached, unheard
from services.provisioner.store import outbox
from services.provisioner.store.outbox import Batch

_FEWEST, _MOST = 12, 1000
_BYTES_AT_ONCE = 2 * 1024 * 1024
_LOOK_EVERY_S = 0.5


class Log(Protocol):
    """Where facts go: a `LogProducer`."""

    async def publish(self, topic: str, messages: list[Message]) -> object:
        """Return when all are confirmed."""
        ...


class Relay:
    """Publishes the outbox of the partitions that are ours."""

    def __init__(
        self,
        *,
        pool: Pool,
        producer: Log,
        topic: str,
        live: Callable[[], frozenset[int]],
        reached: Reached = unheard,
    ) -> None:
        """Prepare the relay; `live` names the partitions to publish, `reached` is told of each step."""
        self._reached = reached
        self._pool = pool
        self._producer = producer
        self._topic = topic
        self._live = live
        self._settled = Settled()
        self._looked_at = 0.0
        self._most = 4 * _FEWEST
        self._wake = asyncio.Event()
        self._busy: dict[int, int] = {}
        """Batches under way, by partition."""
        self._passed_over: set[int] = set()
        """Partitions under way that may have had more when the outbox was last read."""
        self._confirmed: list[Batch] = []
        self._any_confirmed = asyncio.Event()

    def wake(self) -> None:
        """Say that there is something in the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Publish what there is, when told and twice a second, for ever.

        Raises:
            ProducerFailed: the log did not confirm; the process must end.
        """
        try:
            async with asyncio.TaskGroup() as sending:
                sending.create_task(forever("relay_forget", self._forget))
                await forever("relay", lambda: self._read(sending))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _read(self, sending: asyncio.TaskGroup) -> None:
        try:
            async with asyncio.timeout(_LOOK_EVERY_S):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
        live = self._live()
        free = live - self._busy.keys()
        self._passed_over.update(self._busy)
        if not free:
            return
        read_at = time.perf_counter()
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            self._settled.cover(live)
            if read_at - self._looked_at > _LOOK_EVERY_S:
                await self._settled.look(connection)
                self._looked_at = read_at
            batches = await outbox.next_batches(connection, free, self._most, after=self._settled.id)
        for partition, of_it in groupby(sorted(batches, key=_place), key=_partition):
            ours = list(of_it)
            self._busy[partition] = len(ours)
            sending.create_task(self._publish(ours, read_at))
        metrics.OUTBOX.set(sum(self._busy.values()))
        if len(batches) == self._most:
            self._passed_over.update(self._busy)
            self._wake.set()
        if batches:
            mean = sum(len(batch.records) for batch in batches) // len(batches)
            self._most = max(_FEWEST, min(_MOST, _BYTES_AT_ONCE // (mean + 1)))

    async def _publish(self, batches: list[Batch], read_at: float) -> None:
        """Send the batches of one partition, in order."""
        messages = [message for batch in batches for message in batch.messages]
        await self._producer.publish(self._topic, messages)
        self._reached("confirmed")
        took = time.perf_counter() - read_at
        metrics.RELAY_SECONDS.observe(took)
        for batch in batches:
            metrics.TO_LOG_SECONDS.observe(batch.age + took)
        metrics.RELAYED.inc(len(messages))
        self._confirmed += batches
        self._any_confirmed.set()

    async def _forget(self) -> None:
        """Take what is confirmed out of the outbox; only then its partitions are read again."""
        await self._any_confirmed.wait()
        self._any_confirmed.clear()
        confirmed, self._confirmed = self._confirmed, []
        await patiently("relay_forget", lambda: self._delete([batch.batch_id for batch in confirmed]))
        partitions = {batch.partition for batch in confirmed}
        for partition in partitions:
            del self._busy[partition]
        metrics.OUTBOX.set(sum(self._busy.values()))
        if self._passed_over & partitions:
            self._wake.set()
        self._passed_over -= partitions

    async def _delete(self, batch_ids: list[int]) -> None:
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            await outbox.done(connection, batch_ids)


def _partition(batch: Batch) -> int:
    return batch.partition


def _place(batch: Batch) -> tuple[int, int]:
    return batch.partition, batch.batch_id
