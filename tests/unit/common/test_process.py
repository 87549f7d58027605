"""The life of a process: tasks that must not end, and a loop that must turn."""

import asyncio
import threading
import time

import pytest

from services.common.process import BackgroundTasks, LoopWatchdog, Stuck


async def for_ever() -> None:
    """Work that does not end."""
    await asyncio.Event().wait()


async def reason(tasks: BackgroundTasks) -> BaseException:
    """Why it stopped, soon."""
    async with asyncio.timeout(5):
        return await tasks.fatal()


async def test_while_all_work_it_is_well() -> None:
    """Nothing to report, and cancelling at the end is no failure."""
    tasks = BackgroundTasks()
    tasks.spawn("a", for_ever())
    tasks.spawn("b", for_ever())
    await asyncio.sleep(0)
    await tasks.check()
    await tasks.cancel()
    await tasks.check()


async def test_a_task_that_raises_stops_the_process() -> None:
    """With its error as the reason, for health checks as well; the first reason counts."""

    async def fail() -> None:
        raise KeyError("bug")

    tasks = BackgroundTasks()
    tasks.spawn("failing", fail())
    assert repr(await reason(tasks)) == "KeyError('bug')"
    tasks.fail(ValueError("later"))
    with pytest.raises(KeyError):
        await tasks.check()
    await tasks.cancel()


async def test_a_task_that_ends_or_is_cancelled_stops_the_process() -> None:
    """Quietly gone is as bad as failed; the reason names the task."""

    async def end() -> None:
        return

    ended = BackgroundTasks()
    ended.spawn("relay", end())
    assert str(await reason(ended)) == "task relay ended"
    cancelled = BackgroundTasks()
    cancelled.spawn("claim", for_ever()).cancel()
    found = await reason(cancelled)
    assert isinstance(found, Stuck)
    assert str(found) == "task claim was cancelled from inside"


async def test_cancel_waits_for_the_end() -> None:
    """What a task still has to put in order is done when `cancel` returns, also by tasks that fail at it."""
    put_in_order = []

    async def work() -> None:
        try:
            await for_ever()
        finally:
            await asyncio.sleep(0)
            put_in_order.append("yes")
            raise KeyError("too late to matter")

    tasks = BackgroundTasks()
    tasks.spawn("tidy", work())
    await asyncio.sleep(0)
    await tasks.cancel()
    assert put_in_order == ["yes"]
    await tasks.check()


async def test_waiting_for_a_reason_can_be_given_up() -> None:
    """Whoever stops waiting does not take the reason from others."""
    tasks = BackgroundTasks()
    impatient = asyncio.create_task(tasks.fatal())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    tasks.fail(Stuck("x"))
    assert isinstance(await reason(tasks), Stuck)


async def test_a_loop_that_turns_is_left_alone() -> None:
    """Beats come often enough, for several times the limit; stopped, it watches no more."""
    stuck = threading.Event()
    watchdog = LoopWatchdog(limit_s=0.5, on_stuck=stuck.set)
    watchdog.start()
    loop, ends = asyncio.get_running_loop(), asyncio.get_running_loop().time() + 0.7
    while loop.time() < ends:
        await asyncio.sleep(0.01)
    watchdog.stop()
    watchdog._thread.join(5)
    assert not watchdog._thread.is_alive()
    assert not stuck.is_set()


async def test_a_loop_that_stands_still_is_ended() -> None:
    """From another thread, because its own can do nothing any more; once."""
    stuck: list[float] = []
    watchdog = LoopWatchdog(limit_s=0.05, on_stuck=lambda: stuck.append(time.monotonic()))
    watchdog.start()
    watchdog._thread.join(5)  # blocks the loop itself, until the watchdog has spoken
    watchdog.stop()
    assert len(stuck) == 1
