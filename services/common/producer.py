"""Writing to the log: whole batches per partition, every one confirmed or the process is over."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, Self

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.common.partitioner import partitions_for
from services.common.records import Confirmed, Message, ProducerFailed

_log = structlog.get_logger(__name__)

_MAX_BATCH_BYTES: Final = 512 * 1024
_MAX_MESSAGE_BYTES: Final = 900_000
"""Kafka's own limit for a batch is 1 MiB by default; one message and its overhead must stay below it."""


_NOWHERE: Final = Confirmed(-1, -1)


class MessageTooLarge(ValueError):
    """A message that no broker would take; nothing of its call was sent."""


class LogProducer:
    """Idempotent producer with `acks=all` that hands whole batches to the broker.

    Order: messages of one partition are in the log in the order of the calls to
    `publish` and of the sequence within each call, also when calls overlap. The
    broker checks sequence numbers, so after a failed batch no later one passes.
    """

    def __init__(
        self,
        *,
        bootstrap: str,
        client_id: str,
        deadline_s: float = 45.0,
        request_timeout_ms: int = 15_000,
        max_batch_bytes: int = _MAX_BATCH_BYTES,
        compression: str | None = None,
    ) -> None:
        """Prepare a producer; it connects in `start`.

        Args:
            bootstrap: "host:port", several separated by commas.
            client_id: how brokers name this client in logs and quotas.
            deadline_s: longest time `publish` may take before it counts as failed. aiokafka retries an
                idempotent batch for ever, so the limit must be ours.
            request_timeout_ms: longest wait for one answer of a broker, and longest time without a leader.
            max_batch_bytes: where a new batch begins.
            compression: "lz4", "zstd", "gzip" or none; on loopback none is as fast (ADR 0004).
        """
        self._options: dict[str, Any] = {
            "bootstrap_servers": bootstrap,
            "client_id": client_id,
            "enable_idempotence": True,
            "acks": "all",
            "request_timeout_ms": request_timeout_ms,
            "max_batch_size": max_batch_bytes,
            "compression_type": compression,
        }
        self._deadline_s = deadline_s
        self._producer: Any = None
        self._entry = asyncio.Lock()
        self._turns: dict[tuple[str, int], asyncio.Lock] = {}
        self._failure: ProducerFailed | None = None

    @property
    def failure(self) -> ProducerFailed | None:
        """Why this producer is unusable, if it is: the watchdog ends the process on it."""
        return self._failure

    async def start(self) -> None:
        """Connect and obtain a producer id.

        Raises:
            KafkaError: no broker of `bootstrap` answers.
        """
        producer = AIOKafkaProducer(**self._options)
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer

    async def stop(self, timeout_s: float = 5.0) -> None:
        """Send what is queued, within `timeout_s`, and disconnect."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            async with asyncio.timeout(timeout_s):
                await producer.stop()
        except (TimeoutError, KafkaError) as error:
            _log.warning("producer_stop_incomplete", error=repr(error))
            await producer.client.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def publish(
        self,
        topic: str,
        messages: Sequence[Message],
        *,
        small: bool = False,
        each: Callable[[int], None] = lambda _: None,
    ) -> list[Confirmed]:
        """Write messages and return where each lies, in the order given, once all are confirmed.

        Cancelling does not call messages back: they may still be written. `small`: the caller has bounded every
        message to a few kilobytes, so nobody needs to measure each. `each` is told of a partition as soon as all
        that goes there is confirmed, whatever the others do.

        Raises:
            MessageTooLarge: a message is over the limit; nothing was sent.
            ValueError: a message names a partition the topic does not have; nothing was sent.
            ProducerFailed: not all were confirmed; fatal for the process.
        """
        if self._failure is not None:
            raise ProducerFailed("the producer failed before; restart the process") from self._failure
        if self._producer is None:
            raise RuntimeError("the producer is not started")
        if not messages:
            return []
        if not small:
            _refuse_too_large(messages)
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._publish(topic, messages, each)
        except (KafkaError, TimeoutError, OSError) as error:
            self._failure = ProducerFailed(f"{len(messages)} messages for {topic} not confirmed: {error!r}")
            _log.error("publish_failed", topic=topic, messages=len(messages), error=repr(error))
            raise self._failure from error

    async def _publish(
        self, topic: str, messages: Sequence[Message], each: Callable[[int], None]
    ) -> list[Confirmed]:
        confirmed: list[Confirmed] = [_NOWHERE] * len(messages)
        async with self._entry:  # overlapping calls queue their parts one after the other
            count = len(await self._producer.partitions_for(topic))
            await asyncio.sleep(0)  # looking at thousands of messages took some milliseconds, and more follow
            sending = [
                asyncio.create_task(self._send(topic, partition, messages, indexes, confirmed, each))
                for partition, indexes in _by_partition(messages, count).items()
            ]
        try:
            await asyncio.gather(*sending)
        except BaseException:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
            raise
        return confirmed

    async def _send(
        self,
        topic: str,
        partition: int,
        messages: Sequence[Message],
        indexes: list[int],
        confirmed: list[Confirmed],
        each: Callable[[int], None],
    ) -> None:
        """Write one partition's messages, batch by batch, when the calls before have queued theirs."""
        sent: list[tuple[Any, list[int]]] = []
        async with self._turns.setdefault((topic, partition), asyncio.Lock()):
            while indexes:
                batch = self._producer.create_batch()
                taken = _fill(batch, messages, indexes)
                indexes = indexes[len(taken) :]
                sent.append((await self._producer.send_batch(batch, topic, partition=partition), taken))
        for future, taken in sent:
            first = (await future).offset
            for place, index in enumerate(taken):
                confirmed[index] = Confirmed(partition, first + place)
        each(partition)


def _by_partition(messages: Sequence[Message], count: int) -> dict[int, list[int]]:
    """Indexes of the messages of each partition, in order."""
    by_key = [i for i, m in enumerate(messages) if m.partition is None]
    computed = iter(partitions_for([messages[i].key for i in by_key], count))
    found: dict[int, list[int]] = {}
    for index, message in enumerate(messages):
        partition = next(computed) if message.partition is None else message.partition
        if not 0 <= partition < count:
            raise ValueError(f"partition {partition} of a topic with {count}")
        found.setdefault(partition, []).append(index)
    return found


def _fill(batch: Any, messages: Sequence[Message], indexes: Sequence[int]) -> list[int]:
    """Append as many messages as fit, close the batch, and return which went in."""
    for place, index in enumerate(indexes):
        key, value, headers, _ = messages[index]
        if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
            taken = indexes[:place]
            break
    else:
        taken = indexes
    batch.close()  # an open batch would linger, and take in what others send
    return list(taken)


def _refuse_too_large(messages: Sequence[Message]) -> None:
    for message in messages:
        size = len(message.key) + len(message.value) + sum(len(k) + len(v) for k, v in message.headers)
        if size > _MAX_MESSAGE_BYTES:
            raise MessageTooLarge(f"a message of {size} bytes; the limit is {_MAX_MESSAGE_BYTES}")
