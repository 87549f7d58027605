"""The raw log: batches straight into the broker, and records straight out of it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas.topics import LOG_PARTITIONS
from services.common.records import Message

Offsets = Mapping[TopicPartition, int]

_MAX_BATCH = 512 * 1024
_AT_ONCE = 4_000
_GATHERED = 5_000
_ASK_S = 30.0


@asynccontextmanager
async def producer(bootstrap: str) -> AsyncIterator[Any]:
    """A producer with the durability of the services': idempotent, confirmed by all in-sync replicas."""
    made = AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, acks="all", max_batch_size=_MAX_BATCH
    )
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


async def produce(made: Any, topic: str, messages: Iterable[Message]) -> None:
    """Write messages to their partitions, one future a batch, and wait for every confirmation."""
    by_partition: defaultdict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_partition[message.partition or 0].append(message)
    await asyncio.gather(*(_produce(made, topic, p, of_it) for p, of_it in by_partition.items()))


async def _produce(made: Any, topic: str, partition: int, messages: Sequence[Message]) -> None:
    sent = []
    batch = made.create_batch()
    for key, value, headers, _ in messages:
        if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
            batch.close()
            sent.append(await made.send_batch(batch, topic, partition=partition))
            batch = made.create_batch()
            batch.append(timestamp=None, key=key, value=value, headers=headers)
    batch.close()
    sent.append(await made.send_batch(batch, topic, partition=partition))
    for confirmation in sent:
        await confirmation


async def send_each(made: Any, topic: str, messages: Sequence[Message]) -> None:
    """Write messages one by one, as most programs do: the client finds the partition and makes the batches."""
    for start in range(0, len(messages), _GATHERED):
        sent = [
            await made.send(topic, key=key, value=value, headers=headers)
            for key, value, headers, _ in messages[start : start + _GATHERED]
        ]
        await asyncio.gather(*sent)


@asynccontextmanager
async def consumer(bootstrap: str, starts: Mapping[TopicPartition, int]) -> AsyncIterator[Any]:
    """A consumer without a group that reads from these offsets on."""
    made = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, fetch_max_wait_ms=100, group_id=None
    )
    await made.start()
    try:
        made.assign(list(starts))
        for partition, offset in starts.items():
            made.seek(partition, offset)
        yield made
    finally:
        await made.stop()


async def consume(made: Any, count: int) -> int:
    """Read at least `count` records as they are, and return how many.

    Raises:
        TimeoutError: they do not come.
    """
    taken = 0
    async with asyncio.timeout(_ASK_S + count / 1000):
        while taken < count:
            found = await made.getmany(timeout_ms=1000, max_records=_AT_ONCE)
            taken += sum(map(len, found.values()))
    return taken


async def ends(bootstrap: str, topic: str) -> dict[TopicPartition, int]:
    """The next offset of each partition of a topic that has as many as the log.

    Raises:
        TimeoutError: no answer.
    """
    parts = [TopicPartition(topic, number) for number in range(LOG_PARTITIONS)]
    async with consumer(bootstrap, dict.fromkeys(parts, 0)) as made, asyncio.timeout(_ASK_S):
        return dict(await made.end_offsets(parts))


async def read_between(
    bootstrap: str, first: Mapping[TopicPartition, int], last: Mapping[TopicPartition, int]
) -> list[Message]:
    """Everything from `first` up to `last`, with headers, by partition in order."""
    wanted = sum(last[here] - offset for here, offset in first.items())
    found: list[Message] = []
    async with consumer(bootstrap, first) as made, asyncio.timeout(_ASK_S + wanted / 1000):
        while len(found) < wanted:
            for here, records in (await made.getmany(timeout_ms=1000)).items():
                found += [
                    Message(r.key, r.value, list(r.headers), here.partition)
                    for r in records
                    if r.offset < last[here]
                ]
    return found
