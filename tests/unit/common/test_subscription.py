"""The one FastStream subscriber of this project says everything its defaults would get wrong."""

from collections.abc import Collection
from typing import Any

from faststream import AckPolicy

from services.common.subscription import Listener, Subscription, Tuning


async def nothing(_: Any) -> None:
    """Do nothing."""


async def test_nothing_is_left_to_defaults() -> None:
    """No automatic commit, no topic made, no jump to the end, times of ours, and alive before it starts."""
    listener = Listener(nothing, nothing)
    subscription = Subscription(
        bootstrap="nowhere:1",
        topics=["t"],
        group="g",
        max_records=7,
        tuning=Tuning(session_timeout_ms=12_345),
        listener=listener,
        take=nothing,
    )
    subscriber = subscription._subscriber
    options: dict[str, Any] = subscriber._connection_args
    assert subscriber.ack_policy is AckPolicy.MANUAL
    assert options["enable_auto_commit"] is False
    assert options["auto_offset_reset"] == "earliest"
    assert options["session_timeout_ms"] == 12_345
    assert options["rebalance_timeout_ms"] == Tuning().rebalance_timeout_ms
    assert subscriber._outer_config.allow_auto_create_topics is False
    assert subscriber._listener is listener
    assert subscriber.max_records == 7
    assert subscription.dead() is None


def test_assignor_state_is_not_shared() -> None:
    """Two consumers in one process must not tell each other's partitions: the assignor keeps state on its class."""

    def assignors() -> Collection[Any]:
        subscription = Subscription(
            bootstrap="nowhere:1",
            topics=["t"],
            group="g",
            max_records=1,
            tuning=Tuning(),
            listener=Listener(nothing, nothing),
            take=nothing,
        )
        chosen: Collection[Any] = subscription._subscriber._connection_args["partition_assignment_strategy"]
        return chosen

    (one,), (two,) = assignors(), assignors()
    assert one is not two
    assert one.name == two.name == "sticky"
