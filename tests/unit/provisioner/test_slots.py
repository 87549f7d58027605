"""The rate as slots, and the database's clock: arithmetic of moments, without waiting for any."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.account_service.faults import FaultPlan, Faults
from services.provisioner.target.clock import SharedClock
from services.provisioner.target.slots import Rate, Slots

EPOCH = datetime(2026, 9, 1, tzinfo=UTC)
LATENESS = st.lists(st.sampled_from([0.0, 0.001, 0.004, 0.02, 0.07, 0.4]), min_size=1, max_size=30)


def _run(rate: Rate, delays: list[list[float]], seconds: float) -> tuple[list[float], int]:
    """Copies that always want more, each late as said; moments of all calls, and how many were refused."""
    now = 0.0
    row = 0.0
    target = FaultPlan(seed=1, monotonic=lambda: now)
    target.set(Faults(ceiling_per_second=rate.per_second))
    copies = [Slots() for _ in delays]
    wakes = [0.0] * len(copies)
    turns = [0] * len(copies)
    calls: list[float] = []
    refused = 0
    while now < seconds:
        number = min(range(len(copies)), key=wakes.__getitem__)
        slots = copies[number]
        now = max(now, wakes[number])
        if count := slots.wanted(rate, 64):
            first = max(row, now)
            row = first + rate.length(count)
            slots.add(rate, first, count)
        wait = slots.take(now)
        if wait == 0.0:
            calls.append(now)
            refused += target.over_ceiling()
        else:
            late = delays[number][turns[number] % len(delays[number])]
            turns[number] += 1
            wakes[number] = now + min(wait, 1.0) + late
    return calls, refused


@pytest.mark.parametrize("per_second", [0.5, 1.0, 5.0, 10.0, 40.0, 300.0])
@pytest.mark.parametrize("copies", [1, 3])
def test_almost_all_of_the_rate_is_used_evenly(per_second: float, copies: int) -> None:
    """Nobody is late: at least 95 percent, and a strict target refuses nothing."""
    seconds = max(20.0, 40 / per_second)
    calls, refused = _run(Rate(per_second), [[0.0]] * copies, seconds)
    assert refused == 0
    assert 0.95 * per_second <= (len(calls) - 1) / (calls[-1] - calls[0]) <= per_second


@given(st.sampled_from([5.0, 10.0, 40.0]), st.lists(LATENESS, min_size=1, max_size=3))
def test_whoever_is_late_nobody_comes_too_close(per_second: float, delays: list[list[float]]) -> None:
    """Late by moments, or frozen for longer than a batch: slots are lost, calls never bunch."""
    _, refused = _run(Rate(per_second), delays, 12.0)
    assert refused == 0


def test_slots_of_another_rate_are_void() -> None:
    """What was reserved for a slow rate is dropped, and counted as wasted."""
    slots = Slots()
    slots.add(Rate(1.0), 100.0, 1)
    assert slots.wanted(Rate(40.0), 64) == 20
    assert len(slots) == 0
    assert slots.wasted == 1


def test_no_more_is_reserved_than_somebody_waits_for() -> None:
    """Three wait: three slots, whatever a batch may hold; with enough in hand none."""
    slots = Slots()
    assert slots.wanted(Rate(40.0), 3) == 3
    slots.add(Rate(40.0), 0.0, 3)
    assert slots.wanted(Rate(40.0), 3) == 0


def test_the_databases_clock_is_known_from_what_it_says() -> None:
    """Slow answers tell little, quick ones much; a clock that was set is believed at once."""
    seconds = 1000.0
    clock = SharedClock(lambda: seconds)
    clock.sample(999.0, 1001.0, EPOCH)
    assert abs(clock.now() - EPOCH) <= timedelta(seconds=1)
    clock.sample(1000.999, 1001.001, EPOCH + timedelta(seconds=1.5))
    assert abs(clock.now() - EPOCH - timedelta(seconds=0.5)) <= timedelta(milliseconds=2)
    clock.sample(990.0, 1010.0, EPOCH)
    assert abs(clock.now() - EPOCH - timedelta(seconds=0.5)) <= timedelta(milliseconds=2)
    assert abs(clock.local(clock.now()) - seconds) < 0.001
    clock.sample(1001.0, 1001.002, EPOCH - timedelta(hours=1))
    assert abs(clock.now() - EPOCH + timedelta(hours=1, seconds=1)) <= timedelta(milliseconds=5)
