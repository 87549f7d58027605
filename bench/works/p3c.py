"""P3c: a target that takes so many calls a second and refuses the rest, and a provisioner that was told so."""

import asyncio
import time
from dataclasses import replace
from typing import Final

from bench.measure import Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import Running
from bench.stats import Figure
from bench.works.own_provisioner import OwnProvisioner, own_provisioner
from bench.works.own_target import own_target

GOAL: Final = 0.95
LIMITS: Final = (10, 40)
_BEGINNING_S: Final = 2.0
"""Left out: the first calls, and what had gathered until then."""
_SPARE: Final = 2


async def measure(system: Running, *, window: float, pairs: int, say: Say) -> list[Figure]:
    """Watch each limit through windows of so many seconds, one after the other."""
    return [
        await _limited(system, limit, window, pairs, lambda sentence, of=limit: say(f"{of}/s, {sentence}"))  # type: ignore[misc]
        for limit in LIMITS
    ]


async def _limited(system: Running, limit: int, window: float, pairs: int, say: Say) -> Figure:
    enough = int(limit * (_BEGINNING_S + _SPARE * window) * (pairs + 1))

    async def floor(_: int) -> Measured:
        return Measured(round(limit * window), window, {})

    async with own_target(system) as target:
        await target.behave(arrays=False, ceiling_per_second=limit)
        async with own_provisioner(system, target, calls_per_second=limit) as own:
            await own.ask(list(own.requests(enough, 1)))
            await own.outcomes(await own.records(), 1, within_s=60)
            await asyncio.sleep(_BEGINNING_S)

            async def work(_: int) -> Measured:
                return await _window(own, window)

            measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return Figure(
        name=f"p3c{limit}",
        title=f"P3c: a target limited to {limit} calls a second, {window:.0f} s",
        unit="call",
        floor="the limit",
        goal=GOAL,
        pairs=measured,
        sizes={"limit": limit},
    )


async def _window(own: OwnProvisioner, seconds: float) -> Measured:
    clocks = own.clocks
    calls, refused = await own.target.calls()
    before, began = clocks.read(), time.perf_counter()
    await asyncio.sleep(seconds)
    calls_then, refused_then = await own.target.calls()
    took = time.perf_counter() - began
    refusals = refused_then - refused
    done = between(before, clocks.read(), calls_then - calls - refusals, seconds=took)
    return replace(done, values={"calls refused with 429": refusals})
