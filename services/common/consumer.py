"""Reading the log: records in order, from stored positions, each until its effects are stored.

The handler's tables hold the positions; Kafka's group only shares the
partitions out, and its committed offsets are a hint for tools. Whatever goes
wrong ends in one of two ways: after a pause the positions are read again and
reading goes on from there; or `on_fatal` is told and nothing is read any more.
"""

import asyncio
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from services.common.consumer_health import ConsumerHealth, Progress
from services.common.continuity import RawRecord
from services.common.failures import Failures, named, trail
from services.common.ownership import Ownership, ends_of
from services.common.records import LogDamaged, RecordHandler, TopicPartition
from services.common.recovery import Recovery, cancelled, stopping
from services.common.single_reads import records_at
from services.common.subscription import Listener, Subscription, Tuning

_LOOK_S = 15.0

_log = structlog.get_logger(__name__)


class LogConsumer:
    """One member of one consumer group, with one handler."""

    def __init__(
        self,
        *,
        bootstrap: str,
        topics: Sequence[str],
        group: str,
        handler: RecordHandler,
        on_fatal: Callable[[BaseException], None],
        sparse_topics: Collection[str] = (),
        max_records: int = 2000,
        tuning: Tuning | None = None,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a consumer; nothing is read before `start`.

        Args:
            bootstrap: "host:port", several separated by commas.
            topics: what to read; they must exist.
            group: the consumer group, also the client id; renaming it only changes who shares the work.
            handler: stores what the records say; owns the positions.
            on_fatal: told once why reading has ended for good; it should end the process (LogDamaged: exit
                code 70). Called from the event loop, must return at once.
            sparse_topics: topics that may have holes, compacted or with expiry; in them a missing offset is
                no damage, and a position before the beginning moves up to it.
            max_records: most records in one call of the handler.
            tuning: times and sizes.
            jitter: a number in [0, 1), new at each call; spreads retries.
            clock: monotonic seconds.
        """
        tuning = tuning or Tuning()
        self._tuning = tuning
        self._handler = handler
        self._on_fatal = on_fatal
        self._own = Ownership(
            sparse_topics, partial(records_at, bootstrap, sparse=frozenset(sparse_topics), within_s=_LOOK_S)
        )
        self._failures = Failures(
            first_s=tuning.first_back_off_s,
            longest_s=tuning.longest_back_off_s,
            tries_of_a_bug=tuning.tries_of_a_bug,
            jitter=jitter,
        )
        self._progress = Progress(clock)
        self._gate = asyncio.Lock()  # either a batch in hand or positions being read
        self._open = False  # whether batches may be handled
        self._closed = False
        self._pause_reason: str | None = None
        self._fatal: BaseException | None = None
        self._recovery = Recovery(
            self._locate, failures=self._failures, waiting=self._wait_for, give_up=self._die
        )
        self._observer: asyncio.Task[None] | None = None
        self._subscription = Subscription(
            bootstrap=bootstrap,
            topics=topics,
            group=group,
            max_records=max_records,
            tuning=tuning,
            listener=Listener(self._on_assigned, self._on_revoked),
            take=self._take,
        )
        self.oldest_unprocessed_ms: int | None = None
        """Timestamp of the first record of the batch in hand; nothing when all that was fetched is stored."""

    # What a service asks for

    @property
    def ready(self) -> bool:
        """Whether the partitions are known and their positions were read, for the present assignment."""
        return self._open

    @property
    def partitions(self) -> frozenset[TopicPartition]:
        """The partitions the group gave us."""
        return self._own.partitions

    @property
    def ends(self) -> Mapping[TopicPartition, int]:
        """Next offset after the last record, per partition, as seen when it was assigned."""
        return self._own.ends

    @property
    def positions(self) -> Mapping[TopicPartition, int]:
        """Next offset to handle, per partition; all before it is stored."""
        return self._own.continuity.next_offsets

    def caught_up(self, partition: TopicPartition) -> bool:
        """Whether all that lay in the partition when it was assigned has been handled."""
        return self._own.caught_up(partition)

    async def lag(self) -> dict[TopicPartition, int]:
        """Ask the brokers how many records lie ahead in each partition.

        Raises:
            KafkaError, TimeoutError: no answer.
        """
        await self._own.observe(self._subscription.consumer)
        return self._own.lag()

    async def ends_of(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Ask the brokers where partitions end, also those that others read; nothing before `start`.

        Raises:
            KafkaError, TimeoutError: no answer.
        """
        consumer = self._subscription.consumer
        return {} if consumer is None or not partitions else await ends_of(consumer, partitions)

    def health(self) -> ConsumerHealth:
        """Tell the watchdog how we are, from memory."""
        dead = named(self._fatal) if self._fatal else self._subscription.dead()
        lag = sum(self._own.lag(self._subscription.consumer).values())
        return self._progress.health(dead=dead, assigned=len(self._own.partitions), lag=lag)

    def pause(self, reason: str) -> None:
        """Read nothing more until `resume`; the batch in hand is finished. Membership stays alive."""
        self._pause_reason = reason
        self._hold()
        self._wait_for(None)

    def resume(self) -> None:
        """Read on."""
        self._pause_reason = None
        self._wait_for(None)
        if self._open:
            self._release()

    def read_positions_again(self, why: str) -> None:
        """Finish the batch in hand, ask the handler for its positions, and go on from them."""
        if self._open:
            self._recover(0.0, why)

    async def start(self) -> None:
        """Join the group and begin to read.

        Raises:
            KafkaError: no broker answers, or a topic does not exist.
        """
        self._progress.wait("assignment")
        await self._subscription.start()
        self._observer = asyncio.create_task(self._observe())

    async def stop(self) -> None:
        """Finish the batch in hand within a bound, tell the handler, leave the group."""
        if self._closed:
            return
        self._closed = True
        await cancelled(self._observer)
        if self._subscription.consumer is not None:
            self._hold()
            await self._let_go(self._own.partitions, self._tuning.stop_timeout_s)
        await self._subscription.stop()

    # Batches

    async def _take(self, fetched: Sequence[RawRecord]) -> None:
        """Handle one batch; whatever happens ends here, because FastStream would hide or misread it."""
        try:
            async with self._gate:
                if self._open and self._fatal is None:
                    await self._handle(fetched)
        except asyncio.CancelledError as error:
            if stopping():
                raise
            # Let out, it would end FastStream's loop and leave a process that looks alive.
            self._failed(RuntimeError("something awaited by the handler was cancelled"), error)
        except Exception as error:  # noqa: BLE001 - the one place that sorts them
            self._failed(error)
        except BaseException as error:  # noqa: BLE001 - FastStream would take SystemExit for a wish to stop
            self._die(error)
        await asyncio.sleep(0)

    async def _handle(self, fetched: Sequence[RawRecord]) -> None:
        records, reached, repeated, gaps = self._own.continuity.admit(fetched)
        if records:
            self.oldest_unprocessed_ms = records[0].timestamp_ms
            await self._handler.handle(records)
            self.oldest_unprocessed_ms = None
            self._own.continuity.done(reached)
            self._failures.progressed()
            self._progress.progressed()
        if gaps or repeated:
            # Only a reset by the client or a changed log shows these: look at both before going on.
            _log.warning("unexpected_offsets", gaps=_named(gaps), repeated=_named(repeated))
            self._own.check_gaps(gaps)
            self._recover(0.0, "unexpected offsets")

    def _failed(self, error: BaseException, cause: BaseException | None = None) -> None:
        self.oldest_unprocessed_ms = None
        if isinstance(error, LogDamaged):
            self._die(error)
            return
        delay = self._failures.delay_after(error)
        _log.warning("batch_failed", error=named(error), trail=trail(cause or error), retry_in_s=delay)
        if delay is None:
            self._die(error)
        else:
            self._recover(delay, f"{named(error)} while handling")

    def _die(self, error: BaseException) -> None:
        """Read nothing any more and say so once."""
        if self._fatal is not None:
            return
        self._fatal = error
        self._open = False
        self._hold()
        _log.error("consumer_ended", error=named(error), trail=trail(error))
        self._on_fatal(error)

    # Assignment and positions

    async def _on_assigned(self, partitions: Collection[Any]) -> None:
        # No await before `_recover` has closed the door and paused: records of Kafka's own offset are near.
        self._own.take_over(partitions)
        self._recover(0.0, "assignment")

    async def _on_revoked(self, partitions: Collection[Any]) -> None:
        await self._let_go(
            [TopicPartition(p.topic, p.partition) for p in partitions],
            self._tuning.rebalance_timeout_ms / 2000,
        )
        self._progress.wait("assignment")

    async def _let_go(self, partitions: Collection[TopicPartition], within_s: float) -> None:
        """Wait for the batch in hand, then give the partitions up. Raises nothing."""
        self._open = False
        await self._recovery.end()
        try:
            async with asyncio.timeout(within_s), self._gate:
                await self._own.hint(self._subscription.consumer, 2.0)
        except TimeoutError:
            # Another owner may start before our batch ends: the handler's compare-and-set decides.
            _log.warning("drain_timed_out", within_s=within_s)
        self._own.take_over(())
        if not partitions:
            return
        try:
            await self._handler.revoked(partitions)
        except Exception as error:  # noqa: BLE001 - aiokafka would log it and go on with a half-dead handler
            self._die(error)

    def _recover(self, delay: float, why: str) -> None:
        """Stop handling, and read the positions again after `delay`."""
        self._open = False
        self._hold()
        if self._closed or self._fatal is not None:
            return
        self._wait_for(why)
        self._recovery.begin(delay)

    async def _locate(self) -> None:
        async with self._gate:
            await self._own.locate(self._subscription.consumer, self._handler)
            await self._handler.assigned(self._own.partitions)
            self._failures.located()
            self._open = True
            self._progress.contacted()
            self._wait_for(None)
            self._release()

    def _hold(self) -> None:
        consumer = self._subscription.consumer
        if consumer is not None:
            consumer.pause(*consumer.assignment())

    def _release(self) -> None:
        consumer = self._subscription.consumer
        if self._pause_reason is None and consumer is not None:
            consumer.resume(*consumer.assignment())

    def _wait_for(self, why: str | None) -> None:
        if why is None and not self._open:
            return  # a reason is stated already
        self._progress.wait(why or self._pause_reason)

    async def _observe(self) -> None:
        """Now and then: where do the partitions end, and tell the group how far we are."""
        while True:
            await asyncio.sleep(self._tuning.observe_every_s)
            consumer = self._subscription.consumer
            try:
                await self._own.observe(consumer)
                self._progress.contacted()
                if not any(self._own.lag(consumer).values()):
                    self._progress.progressed()
                await self._own.hint(consumer, self._tuning.observe_every_s)
            except LogDamaged as error:
                _log.warning("log_looks_damaged", error=str(error))
                self._recover(0.0, "a log that looks shorter than what was read")
            except (KafkaError, TimeoutError, OSError) as error:
                _log.warning("ends_not_read", error=repr(error))


def _named(partitions: Mapping[TopicPartition, int]) -> dict[str, int]:
    return {f"{here.topic}/{here.partition}": offset for here, offset in partitions.items()}
