"""Topics with everything a record can be, and a tell that breaks off."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

MIB = 1024 * 1024
Headers = tuple[tuple[str, bytes | None], ...]
Raw = tuple[int, bytes | None, Headers, bytes | None]
"""Timestamp, key, headers, value."""

ODD: tuple[Raw, ...] = (
    (1764547200000, b"key", (("ce_type", b"x"),), b'{"row":1}'),
    (1764547200001, b"key", (), None),
    (1, None, (), None),
    (1764547200000, None, (("x", None), ("x", b"\xff"), ("", b""), ("x", None)), b"\xfe\xff"),
    (1764547200002, b"", (("\u00e4", "ö".encode()),), b""),
    (1764547200003, b"\x80", (), b"null"),
    (1764547200004, b"key", (), b'{"base64":"AAAA"}\r\n'),
)
"""A tombstone, nothing at all, bytes that are no text, headers that repeat, an empty name, older times."""


def plain(count: int, seed: int) -> list[Raw]:
    """Records as the services write them."""
    return [
        (
            1764547200000 + number,
            b"%032d" % (number * 7919 + seed),
            (("ce_id", b"1"),),
            b'{"n":%d}' % number,
        )
        for number in range(count)
    ]


async def write(bootstrap: str, topic: str, partition: int, records: Sequence[Raw], **options: Any) -> None:
    """Append records to a partition as they are."""
    async with _started(AIOKafkaProducer(bootstrap_servers=bootstrap, **options)) as producer:
        left = list(records)
        while left:
            batch = producer.create_batch()
            while left and _appended(batch, left[0]):
                del left[0]
            batch.close()
            await (await producer.send_batch(batch, topic, partition=partition))


def _appended(batch: Any, record: Raw) -> bool:
    timestamp, key, headers, value = record
    return batch.append(timestamp=timestamp, key=key, value=value, headers=list(headers)) is not None


async def write_with_gaps(bootstrap: str, topic: str, records: Sequence[Raw]) -> None:
    """Append each record in a transaction of its own: the mark of its end takes an offset that nobody sees."""
    options = {"bootstrap_servers": bootstrap, "transactional_id": topic}
    async with _started(AIOKafkaProducer(**options)) as producer:
        for timestamp, key, headers, value in records:
            async with producer.transaction():
                await producer.send_and_wait(
                    topic, value, key, partition=0, timestamp_ms=timestamp, headers=list(headers)
                )


async def read(bootstrap: str, topic: str, partitions: int) -> list[list[tuple[int, Raw]]]:
    """All records of a topic with their offsets, by partition."""
    options = {"bootstrap_servers": bootstrap, "enable_auto_commit": False}
    async with _started(AIOKafkaConsumer(**options)) as consumer:
        found: list[list[tuple[int, Raw]]] = []
        for partition in range(partitions):
            here = TopicPartition(topic, partition)
            consumer.assign([here])
            await consumer.seek_to_beginning(here)
            end = (await consumer.end_offsets([here]))[here]
            some: list[tuple[int, Raw]] = []
            while await consumer.position(here) < end:
                got = (await consumer.getmany(here, timeout_ms=500)).get(here, ())
                some.extend((r.offset, (r.timestamp, r.key, r.headers, r.value)) for r in got)
            found.append(some)
        return found


class Broken(Exception):
    """The process ends here, as far as the test is concerned."""


class BreaksOff:
    """Hears of progress until so many records are done in a stage whose name begins so."""

    def __init__(self, stage: str, after: int) -> None:
        self._wanted = stage
        self._left = after
        self._here = False
        self.total = 0

    def stage(self, name: str, records: int) -> None:
        """Note which stage it is."""
        self._here = name.startswith(self._wanted)
        if self._here:
            self.total = records

    def done(self, records: int) -> None:
        """Break off."""
        if self._here:
            self._left -= records
            if self._left <= 0:
                raise Broken


@asynccontextmanager
async def _started(client: Any) -> AsyncIterator[Any]:
    await client.start()
    try:
        yield client
    finally:
        await client.stop()
