"""Reading percentiles off a histogram."""

import math

import pytest

from bench.histogram import Histogram

TOLD = Histogram({0.01: 50, 0.02: 90, 0.05: 100, math.inf: 100})


def test_a_percentile_lies_within_its_bucket() -> None:
    """Observations count as even within their bucket."""
    assert TOLD.quantile(0.25) == pytest.approx(0.005)
    assert TOLD.quantile(0.5) == pytest.approx(0.01)
    assert TOLD.quantile(0.7) == pytest.approx(0.015)
    assert TOLD.quantile(0.99) == pytest.approx(0.047)


def test_beyond_the_last_bound_only_the_bound_is_known() -> None:
    """It is told as the bound, never as less."""
    assert Histogram({0.01: 1, math.inf: 100}).quantile(0.5) == 0.01


def test_what_was_there_before_does_not_count() -> None:
    """Two readings of the same metric."""
    before = Histogram({0.01: 50, 0.02: 50, 0.05: 50, math.inf: 50})
    assert TOLD.since(before).quantile(0.5) == pytest.approx(0.01625)
    with pytest.raises(ValueError, match="nothing was observed"):
        TOLD.since(TOLD).quantile(0.5)
