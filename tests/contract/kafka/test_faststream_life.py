"""How FastStream's loop ends: by a stray cancellation, at a stop, and in keyless batches (R8, R14, R18)."""

import asyncio
from typing import Any

from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaPublishMessage

from tests.contract.kafka.faststream_support import SILENT, subscribed
from tests.contract.kafka.support import Broker, until


async def test_stray_cancellation_ends_the_loop_in_silence(broker: Broker) -> None:
    """R8: a CancelledError out of the handler ends the consume task; nothing restarts it, `running` stays true."""
    topic = await broker.topic()
    await broker.write(topic, b"a", b"b")
    bodies: list[bytes] = []

    async def stray(body: bytes, _: Any) -> None:
        bodies.append(body)
        raise asyncio.CancelledError

    async with subscribed(broker, topic, stray, policy=AckPolicy.MANUAL, batch=False) as (_, subscriber):
        await until(lambda: subscriber.tasks and subscriber.tasks[0].done(), "the loop's end")
        assert subscriber.tasks[0].cancelled()
        assert len(subscriber.tasks) == 1
        assert subscriber.running is True
        assert bodies == [b"a"]


async def test_bug_below_the_handler_restarts_without_end(broker: Broker) -> None:
    """R9: an error that is not Kafka's restarts the loop at once, each time one more task in the list."""
    topic = await broker.topic()

    async def never(_: Any, __: Any) -> None:
        raise AssertionError("nothing was written")

    async with subscribed(broker, topic, never, policy=AckPolicy.MANUAL, batch=True) as (_, subscriber):

        async def broken(**_: Any) -> None:
            raise LookupError("a bug in the client")

        subscriber.consumer.getmany = broken
        await until(lambda: len(subscriber.tasks) > 20, "restarts")
        del subscriber.consumer.getmany


async def test_stop_waits_for_the_handler_with_one_worker(broker: Broker) -> None:
    """R14: one subscriber finishes its message, then closes the consumer."""
    assert await _closed_during_handler(broker) is False


async def test_stop_closes_first_with_several_workers(broker: Broker) -> None:
    """R14: with `max_workers` the consumer is closed under a handler at work, which then cannot commit."""
    assert await _closed_during_handler(broker, max_workers=2) is True


async def _closed_during_handler(broker: Broker, **options: Any) -> bool:
    topic = await broker.topic(2)
    await broker.write(topic, b"a")
    taken, release = asyncio.Event(), asyncio.Event()
    closed: list[bool] = []

    async def slow(_: bytes, message: Any) -> None:
        taken.set()
        await release.wait()
        closed.append(message.consumer._closed)

    async with subscribed(broker, topic, slow, policy=AckPolicy.MANUAL, batch=False, **options) as (_, sub):
        await taken.wait()
        consumers = getattr(sub, "consumer_subgroup", None) or [sub.consumer]
        stopping = asyncio.create_task(sub.stop())
        # Either it closes the consumers now, or it is waiting for us.
        await until(lambda: any(c._closed for c in consumers) or sub.running is False, "stopping")
        release.set()
        await stopping
    return closed == [True]


async def test_publish_batch_ignores_keys(broker: Broker) -> None:
    """R18: FastStream's `publish_batch` draws a partition at random, so one key lands in several."""
    topic = await broker.topic(12)
    async with KafkaBroker(broker.bootstrap, logger=SILENT) as stream:
        for n in range(12):
            await stream.publish_batch(KafkaPublishMessage(f"{n}".encode(), key=b"one key"), topic=topic)
    filled = [partition for partition, records in (await broker.everything(topic)).items() if records]
    assert len(filled) > 1
