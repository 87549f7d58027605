"""Loops that wait out what is away."""

import asyncio

import asyncpg
import pytest

from services.common import loops
from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.common.loops import forever, patiently, while_woken


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real pauses, a thousand times shorter."""
    monkeypatch.setattr(loops, "_FIRST_S", 0.0001)
    monkeypatch.setattr(loops, "_LONGEST_S", 0.005)


async def test_what_is_away_is_waited_for() -> None:
    """Operational errors, any number and kind of them; then it is done once."""
    failures: list[Exception] = [OSError(), TimeoutError(), asyncpg.DeadlockDetectedError("x"), OSError()] * 3
    done = 0

    async def step() -> None:
        nonlocal done
        if failures:
            raise failures.pop()
        done += 1

    async with asyncio.timeout(5):
        await patiently("step", step)
    assert (failures, done) == ([], 1)


async def test_a_bug_ends_it() -> None:
    """At once: trying again would hide it."""

    async def step() -> None:
        raise KeyError("bug")

    async with asyncio.timeout(5):
        with pytest.raises(KeyError):
            await patiently("step", step)
        with pytest.raises(KeyError):
            await forever("step", step)


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_value_that_cannot_be_sent_ends_it(mistake: type[Exception]) -> None:
    """Although asyncpg calls it an error of the connection."""

    async def step() -> bool:
        raise mistake("bug")

    async def plain() -> None:
        await step()

    assert issubclass(mistake, OPERATIONAL_ERRORS)
    async with asyncio.timeout(5):
        with pytest.raises(mistake):
            await patiently("step", plain)
        with pytest.raises(mistake):
            await while_woken("step", step, asyncio.Event(), look_every_s=0.001)


async def test_for_ever_goes_on_after_success_and_failure() -> None:
    """Until it is cancelled."""
    enough = asyncio.Event()
    count = 0

    async def step() -> None:
        nonlocal count
        count += 1
        if count >= 10:
            enough.set()
        if count % 2:
            raise OSError

    running = asyncio.create_task(forever("step", step))
    async with asyncio.timeout(5):
        await enough.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_cancelling_is_no_error_to_wait_out() -> None:
    """A loop that waits for something away ends when told."""

    async def step() -> None:
        raise OSError

    running = asyncio.create_task(patiently("step", step))
    await asyncio.sleep(0)
    running.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_a_woken_loop_goes_on_while_there_is_more_and_waits_out_what_is_away() -> None:
    """Three rounds at once, one that fails; then it rests until it is woken."""
    rounds = 0
    wake = asyncio.Event()
    rested = asyncio.Event()

    async def step() -> bool:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            raise OSError
        if rounds >= 4:
            rested.set()
        return rounds < 4

    running = asyncio.create_task(while_woken("step", step, wake, look_every_s=0.01))
    async with asyncio.timeout(5):
        await rested.wait()
        rested.clear()
        wake.set()
        await rested.wait()
    assert rounds >= 5
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
