"""FastStream's batch subscriber, set up so that nothing is guessed, decoded or committed for us."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from services.common.continuity import RawRecord

_FIRST = "-"  # FastStream would draw a random id per batch; ours travel in the records


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Times and sizes of a consumer, all explicit: the libraries' defaults are not ours.

    `rebalance_timeout_ms` is how long a member may take to let go of its
    partitions; half of it is left to the batch in hand. The longest batch must
    stay below half of `max_poll_interval_ms`, or the member leaves the group
    without a word. `fetch_max_wait_ms` is small because aiokafka keeps one fetch
    per broker in flight: a partition with news waits until the empty ones answered.
    `session_timeout_ms` is how long the partitions of a killed process wait for another.
    """

    batch_timeout_ms: int = 20
    fetch_max_wait_ms: int = 100
    max_partition_fetch_bytes: int = 1024 * 1024
    session_timeout_ms: int = 12_000
    heartbeat_interval_ms: int = 3_000
    rebalance_timeout_ms: int = 60_000
    max_poll_interval_ms: int = 300_000
    request_timeout_ms: int = 15_000
    stop_timeout_s: float = 15.0
    first_back_off_s: float = 0.2
    longest_back_off_s: float = 10.0
    tries_of_a_bug: int = 3
    observe_every_s: float = 5.0


class Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Hands aiokafka's two calls on; aiokafka insists on this base class."""

    def __init__(
        self,
        assigned: Callable[[Collection[Any]], Awaitable[None]],
        revoked: Callable[[Collection[Any]], Awaitable[None]],
    ) -> None:
        self._assigned = assigned
        self._revoked = revoked

    async def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        """Take over; aiokafka logs and ignores what is raised here, so nothing may be."""
        await self._assigned(assigned)

    async def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        """Let go; as above."""
        await self._revoked(revoked)


class Subscription:
    """One batch subscriber in one group. `take` gets every batch and must not raise."""

    def __init__(
        self,
        *,
        bootstrap: str,
        topics: Sequence[str],
        group: str,
        max_records: int,
        tuning: Tuning,
        listener: Listener,
        take: Callable[[Sequence[RawRecord]], Awaitable[None]],
    ) -> None:
        self._running = False
        self._broker = KafkaBroker(
            bootstrap,
            client_id=group,
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            request_timeout_ms=tuning.request_timeout_ms,
            graceful_timeout=1.0,
            logger=_logger(),
            log_level=logging.DEBUG,
        )
        self._subscriber: Any = self._broker.subscriber(
            *topics,
            batch=True,
            group_id=group,
            ack_policy=AckPolicy.MANUAL,
            parser=_wrap,
            decoder=_unwrap,
            listener=listener,
            max_records=max_records,
            batch_timeout_ms=tuning.batch_timeout_ms,
            fetch_max_wait_ms=tuning.fetch_max_wait_ms,
            max_partition_fetch_bytes=tuning.max_partition_fetch_bytes,
            session_timeout_ms=tuning.session_timeout_ms,
            heartbeat_interval_ms=tuning.heartbeat_interval_ms,
            rebalance_timeout_ms=tuning.rebalance_timeout_ms,
            max_poll_interval_ms=tuning.max_poll_interval_ms,
            partition_assignment_strategy=(type("Sticky", (StickyPartitionAssignor,), {}),),  # it keeps state
            auto_offset_reset="earliest",
            isolation_level="read_uncommitted",
        )

        async def handle(batch: Any) -> None:  # FastStream builds a validator of any other annotation
            await take(batch)

        self._subscriber(handle)

    @property
    def consumer(self) -> Any:
        """The consumer of aiokafka, once started."""
        return self._subscriber.consumer

    async def start(self) -> None:
        """Join the group and begin to read.

        Raises:
            KafkaError: no broker answers, or a topic does not exist.
        """
        try:
            await self._broker.start()
        except BaseException:
            await self._broker.stop()
            raise
        self._running = True

    async def stop(self) -> None:
        """End the loop and leave the group; a batch still in hand is cancelled after a second."""
        self._running = False
        await self._broker.stop()

    def dead(self) -> str | None:
        """Why the loop will never read again, if so.

        FastStream neither restarts a cancelled loop nor stops one that fails
        again and again: both look alive from outside.
        """
        if not self._running:
            return None
        tasks = self._subscriber.tasks
        if len(tasks) != 1:
            return (
                f"the consume loop failed and was restarted {len(tasks) - 1} times"
                if tasks
                else "no consume loop"
            )
        return "the consume loop has ended" if tasks[0].done() else None


def _logger() -> logging.Logger:
    logger = logging.getLogger("services.common.kafka")
    logger.addFilter(_worth_saying)
    return logger


def _worth_saying(record: logging.LogRecord) -> bool:
    """FastStream warns at each start that it makes no topics; that is what we asked for."""
    return not record.getMessage().startswith("Auto create topics is disabled")


def _wrap(batch: tuple[Any, ...]) -> KafkaMessage:
    """Parse nothing: FastStream's own parser decodes headers and dies of a `None`."""
    return KafkaMessage(
        raw_message=batch, body=b"", message_id=_FIRST, correlation_id=_FIRST, consumer=FAKE_CONSUMER
    )


def _unwrap(message: KafkaMessage) -> Any:
    """Decode nothing."""
    return message.raw_message
