"""Waits before a new start."""

import pytest

from deploy.embedded.backoff import Backoff


def test_waits_double_up_to_a_bound() -> None:
    """Without luck (jitter at its top) the waits are 0.4, 0.8, 1.6 … and never more than the longest."""
    waits = [Backoff(first=0.4, longest=30.0).delay(n, lambda: 1.0) for n in (1, 2, 3, 8, 1000)]
    assert waits == pytest.approx([0.4, 0.8, 1.6, 30.0, 30.0])


def test_jitter_never_goes_below_the_floor() -> None:
    """Full jitter spreads starts, but a start at once would only burn the processor."""
    assert Backoff(floor=0.1).delay(5, lambda: 0.0) == 0.1


def test_a_long_life_wipes_the_slate() -> None:
    """Failures in a row count; a process that ran long enough begins anew."""
    backoff = Backoff(healthy_after=60.0)
    assert backoff.failures(4, ran=59.0) == 5
    assert backoff.failures(4, ran=60.0) == 1
