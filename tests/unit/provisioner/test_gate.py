"""The gate: waits instead of failing, one probe at a time, open at the first answer. The clock is ours."""

import asyncio

import pytest

from services.provisioner.target.gate import Gate
from services.provisioner.target.passage import Heard, Passage

CALL, PROBE = Passage(probe=False), Passage(probe=True)


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Now."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At some time."""
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    """An open gate."""
    return Gate(clock=clock)


def shut(gate: Gate, retry_after: float | None = None) -> None:
    """Shut it by as many misses as it takes."""
    for _ in range(5):
        gate.report(CALL, Heard("not_taken", retry_after))
    assert gate.shut


async def waits(passage: "asyncio.Task[Passage]") -> bool:
    """Whether it still waits once all that could run has run."""
    for _ in range(10):
        await asyncio.sleep(0)
    return not passage.done()


async def test_it_shuts_after_five_misses_in_a_row(gate: Gate) -> None:
    """Four, an answer, and four again leave it open."""
    for _ in range(4):
        gate.report(CALL, Heard("not_taken"))
    gate.report(CALL, Heard("answered"))
    for _ in range(4):
        gate.report(CALL, Heard("not_taken"))
    assert not gate.shut
    assert await gate.passage() == CALL
    gate.report(CALL, Heard("not_taken"))
    assert gate.shut


async def test_one_probe_at_a_time(gate: Gate, clock: Clock) -> None:
    """When the pause is over one call passes as the probe; the others wait for what it comes to."""
    shut(gate)
    early = asyncio.create_task(gate.passage())
    assert await waits(early)
    clock.now += 0.5
    assert await gate.passage() == PROBE
    other = asyncio.create_task(gate.passage())
    assert await waits(other)
    gate.report(CALL, Heard("answered"))
    assert await early == CALL
    assert await other == CALL


async def test_a_probe_that_misses_doubles_the_pause_up_to_a_quarter_of_a_minute(
    gate: Gate, clock: Clock
) -> None:
    """Half a second, one, two … fifteen; an answer begins anew."""
    shut(gate)
    pauses = [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    for pause in pauses:
        clock.now += pause - 0.001
        early = asyncio.create_task(gate.passage())
        assert await waits(early)
        early.cancel()
        clock.now += 0.001
        assert await gate.passage() == PROBE
        gate.report(PROBE, Heard("not_taken"))
    gate.report(CALL, Heard("answered"))
    shut(gate)
    clock.now += 0.5
    assert await gate.passage() == PROBE


async def test_calls_from_before_do_not_speak_for_the_probe(gate: Gate, clock: Clock) -> None:
    """Calls that were under way when it shut may miss or end later; there is still one probe only."""
    shut(gate)
    clock.now += 0.5
    assert await gate.passage() == PROBE
    for _ in range(20):
        gate.report(CALL, Heard("not_taken"))
    clock.now += 60
    second = asyncio.create_task(gate.passage())
    assert await waits(second)
    gate.report(PROBE, Heard("not_taken"))
    clock.now += 0.999
    gate.unused(CALL)
    assert await waits(second)
    second.cancel()
    clock.now += 0.001
    assert await gate.passage() == PROBE


async def test_a_passage_nobody_used_lets_the_next_probe(gate: Gate, clock: Clock) -> None:
    """The probe's account was taken away from us before the call: others must not wait for ever."""
    shut(gate)
    clock.now += 0.5
    assert await gate.passage() == PROBE
    other = asyncio.create_task(gate.passage())
    assert await waits(other)
    gate.unused(PROBE)
    assert await other == PROBE


async def test_the_targets_wish_shuts_it_at_once(gate: Gate, clock: Clock) -> None:
    """One call that is told to come back in ten seconds is enough, and none passes before."""
    gate.report(CALL, Heard("not_taken", 10.0))
    assert gate.shut
    clock.now += 9.999
    early = asyncio.create_task(gate.passage())
    assert await waits(early)
    early.cancel()
    clock.now += 0.001
    assert await gate.passage() == PROBE
    gate.report(PROBE, Heard("not_taken", 20.0))
    clock.now += 19.999
    late = asyncio.create_task(gate.passage())
    assert await waits(late)
    late.cancel()


async def test_waiters_wake_by_themselves() -> None:
    """With a real clock: after a pause of a few milliseconds somebody probes without being told."""
    loop = asyncio.get_running_loop()
    gate = Gate(clock=loop.time)
    gate.report(CALL, Heard("not_taken", 0.001))
    gate.report(CALL, Heard("answered"))
    gate.report(CALL, Heard("not_taken", 0.5))
    async with asyncio.timeout(5):
        assert await gate.passage() == PROBE
