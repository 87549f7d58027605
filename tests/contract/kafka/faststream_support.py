"""A FastStream broker as its documentation shows it, for tests of what it does by itself."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from tests.contract.kafka.support import Broker, fresh

SILENT = logging.getLogger("tests.faststream")
SILENT.propagate = False
SILENT.addHandler(logging.NullHandler())

Handle = Callable[[Any, Any], Awaitable[None]]


@asynccontextmanager
async def subscribed(
    broker: Broker, topic: str, handle: Handle, *, policy: AckPolicy | None, batch: bool, **options: Any
) -> AsyncIterator[tuple[str, Any]]:
    """A started subscriber; `handle(body, message)` gets each record, or each batch of at most `max_records`."""
    group = fresh("group")
    stream = KafkaBroker(broker.bootstrap, logger=SILENT, graceful_timeout=5)
    if policy is not None:
        options["ack_policy"] = policy
    if batch:
        options.setdefault("batch_timeout_ms", 20)
    subscriber: Any = stream.subscriber(
        topic, group_id=group, auto_offset_reset="earliest", batch=batch, fetch_max_wait_ms=50, **options
    )

    async def given(body: Any, message: KafkaMessage) -> None:
        await handle(body, message)

    subscriber(given)
    await stream.start()
    try:
        yield group, subscriber
    finally:
        async with asyncio.timeout(20):
            await stream.stop()
