"""The relay: from the outbox to the log, in order, each batch confirmed before it is forgotten.

It always reads the table, never a queue in memory: what another process left behind, or committed after its
partition was taken away, goes out by the same path and in the same order. Each partition goes its own pace: it is
read again when all that was read of it is confirmed and forgotten, whatever the others do. So within a partition one
sending is under way at a time.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.loops import forever, patiently, woken
from services.common.records import Message
from services.provisioner import metrics
from services.provisioner.settled import Settled
from services.provisioner.steps import Reached, unheard
from services.provisioner.store import outbox
from services.provisioner.store.outbox import Batch

_FEWEST, _MOST = 12, 1000
_BYTES_AT_ONCE = 2 * 1024 * 1024
_LOOK_EVERY_S = 0.5
_DECODED_AT_ONCE = 500
"""Facts; then the event loop is given back."""


class Log(Protocol):
    """Where facts go: a `LogProducer`."""

    async def publish(self, topic: str, messages: list[Message], *, each: Callable[[int], None]) -> object:
        """Tell `each` of every partition whose messages are confirmed; return when all are."""
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
        await woken(self._wake, within_s=_LOOK_EVERY_S)
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
        if not batches:
            return
        by_partition: dict[int, list[Batch]] = {}
        for batch in batches:
            by_partition.setdefault(batch.partition, []).append(batch)
        self._busy.update((partition, len(of_it)) for partition, of_it in by_partition.items())
        sending.create_task(self._publish(by_partition, read_at))
        metrics.OUTBOX.set(sum(self._busy.values()))
        if len(batches) == self._most:
            self._passed_over.update(self._busy)
            self._wake.set()
        mean = sum(len(batch.records) for batch in batches) // len(batches)
        self._most = max(_FEWEST, min(_MOST, _BYTES_AT_ONCE // (mean + 1)))

    async def _publish(self, by_partition: dict[int, list[Batch]], read_at: float) -> None:
        """Send what was read, in order; a partition that is confirmed waits for no other."""

        def confirmed(partition: int) -> None:
            self._reached("confirmed")
            took = time.perf_counter() - read_at
            for batch in by_partition[partition]:
                metrics.TO_LOG_SECONDS.observe(batch.age + took)
            self._confirmed += by_partition[partition]
            self._any_confirmed.set()

        messages: list[Message] = []
        for batch in (batch for of_it in by_partition.values() for batch in of_it):
            before = len(messages) // _DECODED_AT_ONCE
            messages += batch.messages
            if len(messages) // _DECODED_AT_ONCE > before:
                await asyncio.sleep(0)
        await self._producer.publish(self._topic, messages, each=confirmed)
        metrics.RELAY_SECONDS.observe(time.perf_counter() - read_at)
        metrics.RELAYED.inc(len(messages))

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
