"""Into a partition that is empty or holds the beginning: whole batches, each of them confirmed."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTimestampError, KafkaError, MessageSizeTooLargeError

from deploy.archive.broker import CLIENT, unreachable
from deploy.archive.errors import ArchiveError
from deploy.archive.lines import Entry

_BATCH_BYTES: Final = 512 * 1024
_REQUEST_MS: Final = 15_000
_PATIENCE_S: Final = 60.0
"""aiokafka repeats an idempotent batch for ever, so the limit must be ours."""
_UNDER_WAY: Final = 4


class Writer:
    """An idempotent producer with `acks=all`; made by `writing`."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    def partition(self, topic: str, partition: int, next_offset: int) -> "PartitionWriter":
        """Where one partition is written, from this offset on."""
        return PartitionWriter(self._producer, topic, partition, next_offset)


class PartitionWriter:
    """Records go in as they come; a few batches are under way at any time, and every one is waited for."""

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int, next_offset: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._next = next_offset
        self._batch: Any = None
        self._sent: deque[tuple[Any, int]] = deque()

    async def write(self, entries: Iterable[Entry]) -> None:
        """Take records in.

        Raises:
            ArchiveError: WRITE_FAILED, RECORD_TOO_LARGE, TIMESTAMP_REFUSED or OTHER_WRITER.
        """
        for entry in entries:
            if self._batch is None or not self._append(entry):
                await self._send()
                self._batch = self._producer.create_batch()
                self._append(entry)

    async def finish(self) -> int:
        """Send what is left and wait until all is confirmed; the offset the next record would get."""
        await self._send()
        while self._sent:
            await self._confirm()
        return self._next

    def _append(self, entry: Entry) -> bool:
        """False if the batch is full; the first record of a batch always fits."""
        taken = self._batch.append(
            timestamp=entry.timestamp, key=entry.key, value=entry.value, headers=list(entry.headers)
        )
        return taken is not None

    async def _send(self) -> None:
        batch, self._batch = self._batch, None
        if batch is None:
            return
        batch.close()  # an open batch would linger, and take in what others send
        records = batch.record_count()
        sending = self._producer.send_batch(batch, self._topic, partition=self._partition)
        future = await self._within(sending)
        future.add_done_callback(_looked_at)
        self._sent.append((future, records))
        while len(self._sent) >= _UNDER_WAY:
            await self._confirm()

    async def _confirm(self) -> None:
        future, records = self._sent.popleft()
        offset = (await self._within(future)).offset
        if offset != self._next:
            raise ArchiveError(
                "OTHER_WRITER",
                f"Somebody else writes to {self._topic}/{self._partition}: "
                f"offset {offset} was given where {self._next} was due.",
                "Stop whatever writes there, and restore into topics made anew.",
            )
        self._next = offset + records

    async def _within(self, waited_for: Any) -> Any:
        place = f"{self._topic}/{self._partition}"
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await waited_for
        except MessageSizeTooLargeError as error:
            raise ArchiveError(
                "RECORD_TOO_LARGE",
                f"Kafka does not take a record of {place} at offset {self._next} or soon behind it: it is too large.",
                "Raise max.message.bytes of the topic, and run the same command again.",
            ) from error
        except InvalidTimestampError as error:
            raise ArchiveError(
                "TIMESTAMP_REFUSED",
                f"Kafka does not take the timestamp of a record of {place} at offset {self._next} or soon behind it.",
                "Loosen message.timestamp.after.max.ms and message.timestamp.before.max.ms of the topic, "
                "and run the same command again.",
            ) from error
        except (KafkaError, TimeoutError, OSError) as error:
            raise ArchiveError(
                "WRITE_FAILED",
                f"Kafka did not confirm records of {place} from offset {self._next} on: {type(error).__name__}.",
                "Run the same command again when it is well: it goes on where this one stopped.",
            ) from error


def _looked_at(future: asyncio.Future[Any]) -> None:
    """After one batch has failed, nobody waits for the others: what became of them is not asked for."""
    if not future.cancelled():
        future.exception()


@asynccontextmanager
async def writing(bootstrap: str) -> AsyncIterator[Writer]:
    """A started producer.

    Batches are compressed, because a record may be there only because its own batch was.

    Raises:
        ArchiveError: KAFKA_UNREACHABLE.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id=CLIENT,
        enable_idempotence=True,
        acks="all",
        request_timeout_ms=_REQUEST_MS,
        max_batch_size=_BATCH_BYTES,
        compression_type="zstd",
    )
    try:
        try:
            await producer.start()
        except (KafkaError, OSError, ValueError) as error:
            raise unreachable(bootstrap) from error
        yield Writer(producer)
    finally:
        try:
            async with asyncio.timeout(5):
                await producer.stop()
        except (KafkaError, TimeoutError, OSError):
            await producer.client.close()
