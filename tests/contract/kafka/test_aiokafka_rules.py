"""What aiokafka does at a rebalance and with failed sends (reliability R11 to R13, R19)."""

import asyncio
from collections.abc import Collection
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.errors import MessageSizeTooLargeError

from tests.contract.kafka.support import Broker, fresh, until


class Listening(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts calls, and may be held up in either."""

    def __init__(self) -> None:
        self.assigned = 0
        self.revoked = 0
        self.hold_assigned = asyncio.Event()
        self.hold_revoked = asyncio.Event()
        self.hold_assigned.set()
        self.hold_revoked.set()
        self.at_assignment: Any = None

    async def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        """Count, do what is asked, wait if told to."""
        self.assigned += 1
        if self.at_assignment is not None:
            await self.at_assignment()
        await self.hold_assigned.wait()

    async def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        """Count, wait if told to."""
        self.revoked += 1
        await self.hold_revoked.wait()


def member(broker: Broker, group: str) -> Any:
    """A consumer that commits nothing by itself."""
    return AIOKafkaConsumer(
        bootstrap_servers=broker.bootstrap,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        heartbeat_interval_ms=200,
        fetch_max_wait_ms=50,
    )


async def test_bare_commit_after_a_rebalance_commits_nothing(broker: Broker) -> None:
    """R11: `commit()` sends the positions of the new assignment, which are unset, and reports success."""
    topic, other, group = await broker.topic(), await broker.topic(), fresh("group")
    await broker.write(topic, b"a", b"b", b"c")
    listening, first, second = Listening(), member(broker, group), member(broker, group)
    outcome: list[int | None] = []

    async def commit() -> None:
        if listening.assigned == 2:
            await first.commit()
            outcome.append(await broker.committed(group, topic))

    listening.at_assignment = commit
    first.subscribe([topic], listener=listening)
    await first.start()
    try:
        got = 0
        while got < 3:
            got += sum(map(len, (await first.getmany(timeout_ms=200)).values()))
        second.subscribe([other])  # another topic: the partition comes back to the first
        await second.start()
        await until(lambda: outcome, "the second assignment")
    finally:
        await second.stop()
        await first.stop()
    assert outcome == [None]


async def test_records_come_before_the_listener_has_finished(broker: Broker) -> None:
    """R13: while `on_partitions_assigned` still runs, records of Kafka's own position are handed out."""
    topic, listening = await broker.topic(), Listening()
    await broker.write(topic, b"a")
    listening.hold_assigned.clear()
    consumer = member(broker, fresh("group"))
    consumer.subscribe([topic], listener=listening)
    await consumer.start()
    try:
        await until(lambda: listening.assigned, "the listener was called")
        got = await consumer.getmany(timeout_ms=10_000)
        assert [r.value for r in got[KafkaPartition(topic, 0)]] == [b"a"]
        assert not listening.hold_assigned.is_set()
    finally:
        listening.hold_assigned.set()
        await consumer.stop()


async def test_revocation_waits_for_the_listener_not_for_the_handler(broker: Broker) -> None:
    """R12: nobody gets a partition while `on_partitions_revoked` runs, so draining there is what protects."""
    topic, group = await broker.topic(2), fresh("group")
    await broker.write(topic, b"a")
    listening, first, second = Listening(), member(broker, group), member(broker, group)
    first.subscribe([topic], listener=listening)
    await first.start()
    second.subscribe([topic])
    try:
        assert await first.getmany(timeout_ms=10_000)  # in hand, and nobody asks about it
        listening.hold_revoked.clear()
        joining = asyncio.create_task(second.start())
        await until(lambda: listening.revoked == 2, "asked to let go, with a record in hand")
        assert second.assignment() == set()
        listening.hold_revoked.set()
        await joining
        await until(lambda: len(first.assignment()) == len(second.assignment()) == 1, "shared out")
    finally:
        await second.stop()
        await first.stop()


async def test_flush_hides_errors(broker: Broker) -> None:
    """R19: `flush()` returns as if all were well; only the future tells that the record was refused."""
    topic = await broker.topic(max_message_bytes="500")
    async with broker.writer(enable_idempotence=True) as writer:
        future = await writer.send(topic, b"x" * 1000)
        assert await writer.flush() is None
        with pytest.raises(MessageSizeTooLargeError):
            await future
