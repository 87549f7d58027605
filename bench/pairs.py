"""The order of measuring: floor, work, floor, work, …, floor; each floor closes one pair and opens the next."""

from collections.abc import Awaitable, Callable

from bench.measure import Measured, machine_speed
from bench.stats import Pair

Say = Callable[[str], None]
Measure = Callable[[int], Awaitable[Measured]]
"""Measures once; is given a number that rises from call to call."""


async def measure_pairs(count: int, *, floor: Measure, work: Measure, say: Say) -> list[Pair]:
    """Measure `count` pairs."""
    pairs: list[Pair] = []
    before = await floor(0)
    for number in range(1, count + 1):
        speed = machine_speed()
        done = await work(number)
        after = await floor(number)
        pair = Pair(before, done, after, speed)
        pairs.append(pair)
        before = after
        mark = f"; others used {pair.foreign:.0%} of the machine" if pair.marked else ""
        say(
            f"pair {number} of {count}: {done.rate:,.0f}/s against {pair.floor_rate:,.0f}/s "
            f"is {pair.ratio:.2f}{mark}"
        )
    return pairs
