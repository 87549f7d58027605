"""A topic that is no longer the one that was read is noticed, however long it is; what the group says never matters."""

from typing import Any

import pytest
from aiokafka import TopicPartition as KafkaPartition

from services.common.records import LogDamaged, TopicPartition
from services.common.single_reads import records_at
from tests.contract.kafka.support import Broker, LedgerHandler, consuming, fresh, until


async def _again(broker: Broker, topic: str, *values: bytes, partitions: int = 1) -> None:
    await broker.admin.delete_topics([topic])
    await until_gone(broker, topic)
    await broker.make(topic, partitions)
    await broker.write(topic, *values)


async def until_gone(broker: Broker, topic: str) -> None:
    """Wait until the broker knows the topic no more."""
    known: list[Any] = [topic]

    async def look() -> bool:
        known[:] = await broker.admin.list_topics()
        return topic not in known

    while not await look():
        pass


@pytest.mark.parametrize(
    "values", [(b"x", b"y", b"z", b"new"), (b"x", b"y", b"z")], ids=["longer", "as long"]
)
async def test_made_anew_while_nobody_read(broker: Broker, values: tuple[bytes, ...]) -> None:
    """Given a topic read to its end, when it is made anew and filled, then nothing of it is read."""
    topic, handler = await broker.topic(2), LedgerHandler()
    await broker.write(topic, b"a", b"b", b"c")
    await broker.write(topic, b"in the other", partition=1)
    async with consuming(broker, topic, handler):
        await until(lambda: len(handler.ledger.rows) == 4, "read")
    before = handler.ledger.values()
    await _again(broker, topic, *values, partitions=2)
    await broker.write(topic, b"there", b"too", partition=1)
    async with consuming(broker, topic, handler) as (consumer, fatal):
        await until(lambda: fatal, "told")
        assert isinstance(fatal[0], LogDamaged)
        assert "made anew" in str(fatal[0])
        assert not consumer.ready
        assert "course-accounts restore" in (consumer.health().dead or "")
    assert handler.ledger.values() == before


async def test_made_anew_and_longer_while_reading(broker: Broker) -> None:
    """Given a consumer at work, when its topic is made anew with more records, then it stops before them."""
    topic, handler = await broker.topic(), LedgerHandler()
    await broker.write(topic, b"a", b"b")
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: len(handler.ledger.rows) == 2, "reading")
        await _again(broker, topic, b"x", b"y", b"z", b"new")
        await until(lambda: fatal, "told", 30)
        assert isinstance(fatal[0], LogDamaged)
        assert handler.ledger.values() == [b"a", b"b"]


async def test_the_same_log_elsewhere_is_the_same_log(broker: Broker) -> None:
    """Given a log restored record by record with its times, when it is read on, then nothing is amiss."""
    topic, handler = await broker.topic(), LedgerHandler()
    for time, value in enumerate((b"a", b"b"), 1_700_000_000_000):
        await broker.write(topic, value, timestamp_ms=time)
    async with consuming(broker, topic, handler):
        await until(lambda: len(handler.ledger.rows) == 2, "read")
    await _again(broker, topic)
    for time, value in enumerate((b"a", b"b", b"c"), 1_700_000_000_000):
        await broker.write(topic, value, timestamp_ms=time)
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: handler.ledger.values() == [b"a", b"b", b"c"], "read on")
        assert fatal == []


@pytest.mark.parametrize("committed", [0, 99, None], ids=["reset", "beyond the end", "deleted"])
async def test_group_offsets_do_not_matter(broker: Broker, committed: int | None) -> None:
    """Given what the group says is wrong or gone, when reading goes on, then it does from the tables' position."""
    topic, group, handler = await broker.topic(), fresh("group"), LedgerHandler()
    await broker.write(topic, b"a", b"b")
    async with consuming(broker, topic, handler, group=group):
        await until(lambda: len(handler.ledger.rows) == 2, "read")
    assert await broker.committed(group, topic) == 2
    if committed is None:
        group = fresh("group")  # a group that was deleted is one that never was
        assert await broker.committed(group, topic) is None
    else:
        async with broker.reader(group_id=group) as other:
            other.assign([KafkaPartition(topic, 0)])
            await other.commit({KafkaPartition(topic, 0): committed})
    await broker.write(topic, b"c")
    async with consuming(broker, topic, handler, group=group) as (_, fatal):
        await until(lambda: len(handler.ledger.rows) == 3, "read on")
        assert handler.ledger.values() == [b"a", b"b", b"c"]
        assert fatal == []


async def test_single_records(broker: Broker) -> None:
    """Each partition is asked for one; where it is gone the next one is not taken for it, nor waited for."""
    topic = await broker.topic(3)
    async with broker.writer(transactional_id=fresh("id")) as writer:
        for partition in (0, 0, 1):
            async with writer.transaction():  # its marker takes the offset behind
                await writer.send_and_wait(topic, b"%d" % partition, partition=partition)
    await broker.write(topic, *(b"v%d" % n for n in range(50)), partition=2)
    places = {TopicPartition(topic, n): offset for n, offset in enumerate((1, 1, 33))}
    found = await records_at(broker.bootstrap, places, sparse=[topic], within_s=15)
    assert {here.partition: record.value for here, record in found.items()} == {2: b"v33"}
    assert await records_at(broker.bootstrap, {}, within_s=0) == {}
    with pytest.raises(TimeoutError):
        await records_at(broker.bootstrap, {TopicPartition(topic, 1): 1}, within_s=0.5)
