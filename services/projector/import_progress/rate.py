"""How fast rows become final: an average that forgets, kept by the fold and read at any later time."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

MEMORY_S = 10.0
"""Seconds after which a row weighs 1/e as much."""
_MEMORY = timedelta(seconds=MEMORY_S)


def tick(rate: float, at: datetime | None, time: datetime) -> tuple[float, datetime]:
    """The rate after one more row at `time`, and since when it decays."""
    if at is None or time <= at:
        return rate + 1 / MEMORY_S, at or time
    return rate * math.exp((at - time) / _MEMORY) + 1 / MEMORY_S, time


def rate_now(parts: Iterable[tuple[float, datetime]], since: datetime, now: datetime) -> float:
    """Rows per second at `now`, over all partitions; `since` is when counting began."""
    total = sum(rate * math.exp(-max(0.0, (now - at).total_seconds()) / MEMORY_S) for rate, at in parts)
    age = max(1.0, (now - since).total_seconds())
    return total / (1 - math.exp(-age / MEMORY_S))  # young imports: what was not counted yet is no zero
