"""The relay: from the outbox to the log, in order, each batch confirmed before it is forgotten.

It always reads the table, never a queue in memory: what another process left behind, or committed after its
partition was taken away, goes out by the same path and in the same order.
"""

import asyncio
import time
from collections.abc import Callable

from services.common.database import ACQUIRE_TIMEOUT_S, Pool, transaction
from services.common.producer import LogProducer
from services.provisioner import metrics
from services.provisioner.steps import Reached, unheard
from services.provisioner.store import outbox

_BATCHES = 48
_LOOK_EVERY_S = 0.5


class Relay:
    """Publishes the outbox of the partitions that are ours."""

    def __init__(
        self,
        *,
        pool: Pool,
        producer: LogProducer,
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
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that there is something in the outbox."""
        self._wake.set()

    async def step(self) -> None:
        """Wait until told, or for half a second, then publish all there is.

        Raises:
            ProducerFailed: the log did not confirm; the process must end.
        """
        try:
            async with asyncio.timeout(_LOOK_EVERY_S):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
        while await self._publish() == _BATCHES:
            pass

    async def _publish(self) -> int:
        live = self._live()
        if not live:
            return 0
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            batches = await outbox.next_batches(connection, live, _BATCHES)
        metrics.OUTBOX.set(len(batches))
        if not batches:
            return 0
        started = time.perf_counter()
        messages = [message for batch in batches for message in batch.messages]
        await self._producer.publish(self._topic, messages)
        self._reached("confirmed")
        metrics.RELAY_SECONDS.observe(time.perf_counter() - started)
        metrics.RELAYED.inc(len(messages))
        async with transaction(self._pool) as connection:
            await outbox.done(connection, [batch.batch_id for batch in batches])
        return len(batches)
