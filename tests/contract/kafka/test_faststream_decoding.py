"""What FastStream's own parser and decoder do with records nobody can read (reliability R5, R6)."""

from typing import Any

from faststream import AckPolicy

from tests.contract.kafka.faststream_support import subscribed
from tests.contract.kafka.support import Broker, until


async def test_header_without_value_loses_the_record(broker: Broker) -> None:
    """R5: the default parser dies of a header `None`; even NACK_ON_ERROR passes over the record and commits."""
    topic = await broker.topic()
    await broker.write(topic, b"lost", headers=[("trace", None)])
    await broker.write(topic, b"seen")
    bodies: list[bytes] = []

    async def note(body: bytes, _: Any) -> None:
        bodies.append(body)

    async with subscribed(broker, topic, note, policy=AckPolicy.NACK_ON_ERROR, batch=False) as (group, _):
        await until(lambda: bodies, "the second record")
    assert bodies == [b"seen"]
    assert await broker.committed(group, topic) == 2


async def test_one_unreadable_record_loses_its_batch(broker: Broker) -> None:
    """R6: one body that is not the JSON its header promises fails the whole batch, and ACK commits all of it."""
    topic = await broker.topic()
    promised = [("content-type", b"application/json")]
    await broker.write(topic, b'{"n": 1}', b"{", b'{"n": 2}', headers=promised)
    bodies: list[Any] = []

    async def note(body: Any, _: Any) -> None:
        bodies.append(body)

    async with subscribed(
        broker, topic, note, policy=AckPolicy.ACK, batch=True, max_records=3, fetch_min_bytes=1
    ) as (group, subscriber):
        await until(lambda: subscriber.consumer.highwater(*subscriber.consumer.assignment()) == 3, "fetched")
        await broker.write(topic, b'{"n": 3}', headers=promised)
        await until(lambda: bodies, "the next batch")
    assert bodies == [[{"n": 3}]]
    assert await broker.committed(group, topic) == 4


async def test_tombstone_looks_empty(broker: Broker) -> None:
    """R6: a tombstone and an empty value reach the handler as the same empty bytes."""
    topic = await broker.topic()
    await broker.write(topic, None, b"")
    bodies: list[Any] = []

    async def note(body: Any, _: Any) -> None:
        bodies.append(body)

    async with subscribed(broker, topic, note, policy=AckPolicy.ACK, batch=False):
        await until(lambda: len(bodies) == 2, "both")
    assert bodies == [b"", b""]
