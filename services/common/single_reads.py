"""Reading single records of a topic, beside the consumers that read all of it."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition

from services.common.records import Record, TopicPartition

_ROUND_MS = 500
_QUIET_ROUNDS = 3
_FEW_BYTES = 64 * 1024


async def records_at(
    bootstrap: str, places: Mapping[TopicPartition, int], *, sparse: Collection[str] = (), within_s: float
) -> dict[TopicPartition, Record]:
    """Read the record at one offset of each partition; one that is no longer there is left out.

    Args:
        bootstrap: "host:port", several separated by commas.
        places: offsets between the beginning and the end of their partitions.
        sparse: topics that may have lost a record with nothing behind it, so that no answer is an answer.
        within_s: bound of the whole.

    Raises:
        KafkaError, TimeoutError: no answer.
    """
    if not places:
        return {}
    async with asyncio.timeout(within_s):
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=_ROUND_MS,
            max_partition_fetch_bytes=_FEW_BYTES,  # of larger batches a broker sends one in each answer
        )
        await consumer.start()
        try:
            return await _read(consumer, places, sparse)
        finally:
            await consumer.stop()


async def _read(
    consumer: Any, places: Mapping[TopicPartition, int], sparse: Collection[str]
) -> dict[TopicPartition, Record]:
    waiting = {KafkaPartition(*here): offset for here, offset in places.items()}
    consumer.assign(list(waiting))
    for place, offset in waiting.items():
        consumer.seek(place, offset)
    found: dict[TopicPartition, Record] = {}
    quiet = 0
    while any(quiet < _QUIET_ROUNDS or place.topic not in sparse for place in waiting):
        fetched = await consumer.getmany(*waiting, timeout_ms=_ROUND_MS)
        quiet = 0 if fetched else quiet + 1
        for place, records in fetched.items():
            consumer.pause(place)
            first = records[0]
            if first.offset == waiting.pop(place):  # else it is gone, and this one lay behind it
                here = TopicPartition(place.topic, place.partition)
                found[here] = Record(
                    *here, first.offset, first.timestamp, first.key, first.headers, first.value
                )
    return found
