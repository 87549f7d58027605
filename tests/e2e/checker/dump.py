"""The raw log: every record as it lies there, read without any of our own consumers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas import codec
from schemas.topics import LOG, LOG_PARTITIONS
from tests.e2e.checker.evidence import Logged

_PARTITIONS = [TopicPartition(LOG, number) for number in range(LOG_PARTITIONS)]


class LogReader:
    """Reads on to the end of the log whenever it is asked, and keeps what it has read: a log only grows."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._found: list[Logged] = []
        self._reached = {here.partition: 0 for here in _PARTITIONS}

    async def ends(self) -> Mapping[int, int]:
        """The offset after the last record, by partition."""
        found = await self._consumer.end_offsets(_PARTITIONS)
        return {here.partition: end for here, end in found.items()}

    async def dump(self) -> Sequence[Logged]:
        """Everything that lies in the log now, in order within each partition; offsets without a hole."""
        ends = await self.ends()
        while any(self._reached[partition] < end for partition, end in ends.items()):
            for here, records in (await self._consumer.getmany(timeout_ms=200, max_records=5000)).items():
                for record in records:
                    assert record.offset == self._reached[here.partition], (
                        f"{here} has a hole at {record.offset}"
                    )
                    self._reached[here.partition] += 1
                    try:
                        event = codec.decode(record.headers, record.value)
                    except codec.Unreadable:
                        event = None
                    self._found.append(Logged(here.partition, record.offset, record.key, event))
        return tuple(self._found)


@asynccontextmanager
async def log_reader(bootstrap: str) -> AsyncIterator[LogReader]:
    """A reader of the installation's log."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)
    await consumer.start()
    try:
        consumer.assign(_PARTITIONS)
        await consumer.seek_to_beginning(*_PARTITIONS)
        yield LogReader(consumer)
    finally:
        await consumer.stop()
