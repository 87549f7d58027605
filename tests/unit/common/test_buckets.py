"""Token buckets: how much at once, how much later, what a caller is told."""

import pytest

from services.common.http.buckets import Buckets, Taken, limit_header


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """It stands."""
    return Clock()


def test_a_burst_and_then_the_rate(clock: Clock) -> None:
    """As many as fit at once; the next when one has flowed in; never more than a burst, however long the pause."""
    buckets: Buckets[str] = Buckets(2.0, 3, clock=clock)
    assert [buckets.take("a").retry_after_s for _ in range(4)] == [None, None, None, 1]
    clock.now += 0.5
    assert [buckets.take("a").retry_after_s for _ in range(2)] == [None, 1]
    clock.now += 1000
    assert [buckets.take("a").remaining for _ in range(4)] == [2, 1, 0, 0]


def test_each_key_has_its_own(clock: Clock) -> None:
    """Nobody pays for others."""
    buckets: Buckets[str] = Buckets(1.0, 1, clock=clock)
    assert buckets.take("a").retry_after_s is None
    assert buckets.take("b").retry_after_s is None
    assert buckets.take("a").retry_after_s == 1


def test_what_is_said(clock: Clock) -> None:
    """As draft-ietf-httpapi-ratelimit-headers has it: quota and window; what remains, and until when."""
    buckets: Buckets[str] = Buckets(200.0, 1000, clock=clock)
    assert buckets.policy == '"default";q=1000;w=5'
    assert limit_header(buckets.take("a")) == '"default";r=999;t=1'
    assert limit_header(Taken(0, 5, 2)) == '"default";r=0;t=2'


def test_looking_takes_nothing(clock: Clock) -> None:
    """Also for somebody who never came."""
    buckets: Buckets[str] = Buckets(1.0, 1, clock=clock)
    assert [buckets.wait_s("a") for _ in range(3)] == [None] * 3
    buckets.take("a")
    assert [buckets.wait_s("a") for _ in range(3)] == [1, 1, 1]
    clock.now += 1
    assert buckets.wait_s("a") is None


def test_zero_is_no_limit(clock: Clock) -> None:
    """Nobody has to wait."""
    buckets: Buckets[str] = Buckets(0.0, 1, clock=clock)
    assert not buckets.limited
    assert buckets.wait_s("a") is None


def test_memory_is_bounded(clock: Clock) -> None:
    """Whoever came least recently is forgotten; who keeps coming is not."""
    buckets: Buckets[int] = Buckets(0.001, 1, clock=clock, most=10)
    buckets.take(0)
    for other in range(1, 50):
        buckets.take(other)
        assert buckets.take(0).retry_after_s is not None
    assert buckets.take(1).retry_after_s is None
