"""LogProducer against a real broker: whole batches, in order, confirmed, or the process is over."""

import asyncio

import pytest
from aiokafka.partitioner import DefaultPartitioner

from services.common.producer import LogProducer, MessageTooLarge
from services.common.records import Confirmed, Message, ProducerFailed
from tests.contract.kafka.support import Broker, fresh


def message(key: str, value: str, partition: int | None = None) -> Message:
    """A message with headers."""
    return Message(key.encode(), value.encode(), [("ce_type", b"t"), ("ce_id", value.encode())], partition)


async def test_confirmed_where_it_lies(broker: Broker) -> None:
    """Every message is at the partition and offset that publish returned, with key and headers."""
    topic = await broker.topic(12)
    messages = [message(f"key-{n % 40}", f"{n}") for n in range(500)]
    async with LogProducer(
        bootstrap=broker.bootstrap, client_id=fresh("id"), max_batch_bytes=2_000
    ) as producer:
        confirmed = await producer.publish(topic, messages)
    lies = {(r.partition, r.offset): r for rs in (await broker.everything(topic)).values() for r in rs}
    assert len(lies) == 500
    choose = DefaultPartitioner()
    for sent, at in zip(messages, confirmed, strict=True):
        record = lies[at]
        assert (record.key, record.value, list(record.headers)) == (sent.key, sent.value, sent.headers)
        assert at.partition == choose(sent.key, list(range(12)), [])


async def test_overlapping_calls_keep_their_order(broker: Broker) -> None:
    """Within a partition, records lie in the order of the calls and of each call's messages."""
    topic = await broker.topic(3)
    async with LogProducer(
        bootstrap=broker.bootstrap, client_id=fresh("id"), max_batch_bytes=1_000
    ) as producer:
        calls = [[message(f"key-{n % 7}", f"{call:02}-{n:03}") for n in range(60)] for call in range(20)]
        await asyncio.gather(*(producer.publish(topic, call) for call in calls))
    for records in (await broker.everything(topic)).values():
        values = [record.value for record in records]
        assert values == sorted(values)
        assert len(values) > 60


async def test_named_partition_wins(broker: Broker) -> None:
    """A message that names its partition goes there, whatever its key; each partition is told of once."""
    topic = await broker.topic(4)
    async with LogProducer(bootstrap=broker.bootstrap, client_id=fresh("id")) as producer:
        assert await producer.publish(topic, [message("k", "a", 3), message("k", "b", 1)]) == [
            Confirmed(3, 0),
            Confirmed(1, 0),
        ]
        assert await producer.publish(topic, []) == []
        with pytest.raises(ValueError, match="partition 4 of a topic with 4"):
            await producer.publish(topic, [message("k", "c", 4)])
        told: list[int] = []
        messages = [message("k", "d", 3), message("k", "e", 0), message("k", "f", 3)]
        confirmed = await producer.publish(topic, messages, each=told.append)
        assert confirmed == [Confirmed(3, 1), Confirmed(0, 0), Confirmed(3, 2)]
        assert sorted(told) == [0, 3]


async def test_refused_by_the_broker_is_fatal(broker: Broker) -> None:
    """One batch refused fails the call, and the producer takes nothing more."""
    topic = await broker.topic(max_message_bytes="500")
    async with LogProducer(bootstrap=broker.bootstrap, client_id=fresh("id")) as producer:
        await producer.publish(topic, [message("k", "small")])
        with pytest.raises(ProducerFailed, match="MessageSizeTooLarge"):
            await producer.publish(topic, [message("k", "x" * 1000)])
        assert producer.failure is not None
        with pytest.raises(ProducerFailed, match="restart the process"):
            await producer.publish(topic, [message("k", "small")])
    assert [r.value for r in (await broker.everything(topic))[0]] == [b"small"]


async def test_own_deadline(broker: Broker) -> None:
    """What cannot be confirmed in time fails by our clock: aiokafka would go on asking."""
    async with LogProducer(bootstrap=broker.bootstrap, client_id=fresh("id"), deadline_s=0.3) as producer:
        with pytest.raises(ProducerFailed, match="TimeoutError"):
            await producer.publish(fresh("no-such-topic"), [message("k", "v")])


async def test_too_large_is_refused_before_sending(broker: Broker) -> None:
    """A message no broker takes is the caller's error: nothing is sent, the producer lives on."""
    topic = await broker.topic()
    async with LogProducer(bootstrap=broker.bootstrap, client_id=fresh("id")) as producer:
        with pytest.raises(MessageTooLarge, match="900000"):
            await producer.publish(topic, [message("k", "a"), message("k", "x" * 900_000)])
        large = Message(b"k", b"x" * 890_000, [])
        assert await producer.publish(topic, [large, large]) == [Confirmed(0, 0), Confirmed(0, 1)]
