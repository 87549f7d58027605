"""What FastStream does with a failed message, under each policy (reliability R1 to R4)."""

from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaRouter

from tests.contract.kafka.faststream_support import subscribed
from tests.contract.kafka.support import Broker, until


def test_default_policy_is_at_most_once() -> None:
    """R1: without a policy offsets are committed by a timer, whatever the handler does."""
    subscriber: Any = KafkaBroker().subscriber("t", group_id="g")
    assert subscriber.ack_policy is AckPolicy.ACK_FIRST
    assert subscriber._connection_args["enable_auto_commit"] is True


def test_router_does_not_inherit_the_policy() -> None:
    """R2: a router's subscriber is built before it meets the broker, and stays at-most-once."""
    broker, router = KafkaBroker(ack_policy=AckPolicy.NACK_ON_ERROR), KafkaRouter()
    subscriber: Any = router.subscriber("t", group_id="g")
    broker.include_router(router)
    assert subscriber._connection_args["enable_auto_commit"] is True


CASES = [
    # policy, what the handler saw, what the group holds after a graceful stop
    (AckPolicy.ACK_FIRST, [0, 1], 2),
    (AckPolicy.ACK, [0, 1], 2),
    (AckPolicy.NACK_ON_ERROR, [0, 0, 1], 2),
    (AckPolicy.MANUAL, [0, 1], 2),
]


@pytest.mark.parametrize("batch", [False, True], ids=["single", "batch"])
@pytest.mark.parametrize(("policy", "seen", "committed"), CASES, ids=[case[0].name for case in CASES])
async def test_failure_under_each_policy(
    broker: Broker, policy: AckPolicy, seen: list[int], committed: int, batch: bool
) -> None:
    """R3: only NACK_ON_ERROR brings a failed record back, and at once; all others pass over it and commit."""
    topic = await broker.topic()
    await broker.write(topic, b"a", b"b")
    offsets: list[int] = []

    async def fail_once(_: Any, message: Any) -> None:
        raw = message.raw_message
        offsets.append(raw[0].offset if batch else raw.offset)
        if offsets == [0]:
            raise ValueError("once")
        if policy is AckPolicy.MANUAL:
            await message.ack()

    options = {"max_records": 1} if batch else {}
    async with subscribed(broker, topic, fail_once, policy=policy, batch=batch, **options) as (group, _):
        await until(lambda: offsets[-1:] == [1], "the second record")
    assert offsets == seen
    assert await broker.committed(group, topic) == committed


async def test_nack_knows_no_pause(broker: Broker) -> None:
    """R4: a record that always fails is retried without delay or limit, and holds the partition."""
    topic = await broker.topic()
    await broker.write(topic, b"poison", b"good")
    bodies: list[bytes] = []

    async def fail(body: bytes, _: Any) -> None:
        bodies.append(body)
        raise ValueError("always")

    async with subscribed(broker, topic, fail, policy=AckPolicy.NACK_ON_ERROR, batch=False):
        await until(lambda: len(bodies) >= 30, "thirty tries", 10)
    assert set(bodies) == {b"poison"}
