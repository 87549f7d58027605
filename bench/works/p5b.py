"""P5b: streams of events and pollers together, generators and servers on the same machine."""

import asyncio
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Final

from bench import vegeta
from bench.measure import Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import BenchError, Running
from bench.stats import Figure, Pair
from bench.works import following
from bench.works.own_projector import OwnProjector, own_projector

GOAL: Final = 1.0
LIMIT_S: Final = 0.120
"""In which 95 of 100 events are with their readers."""
_IMPORTS: Final = 10
_ON_THE_WAY_S: Final = 2.0
"""After the last event is shown, until the readers are asked what they saw."""
_CORES: Final = 2
EACH: Final = 5_000
"""Streams, and polls a second, that two cores shall serve: the best that is published."""
_SERVED: Final = f"as many of each as {_CORES} cores would serve"
_ROUNDS: Final = 3
_SPARE: Final = 4
"""A machine that is busy takes longer to send the polls, and events go on meanwhile."""


async def measure(
    system: Running, *, streams: int, per_second: int, window: float, pairs: int, build: bool, say: Say
) -> list[Figure]:
    """So many streams, first alone and then beside so many polls a second."""
    try:
        program = await vegeta.ensure(build=build, say=say)
    except BenchError as reason:
        say(f"not measured: {reason}")
        return []
    imports = min(_IMPORTS, streams)
    rows = round(_SPARE * _ROUNDS * pairs * window / following.EVERY_S) + 10
    async with own_projector(system, imports=imports, rows=rows) as own:

        async def floor(_: int) -> Measured:
            return Measured(streams, streams * LIMIT_S, {})

        async def work(_: int) -> Measured:
            folding = await _folding(own, window)
            alone = await _round(own, streams, window)
            polled = await _round(own, streams, window, program=program, per_second=per_second)
            return _apart(folding, alone, polled, streams)

        measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    sizes = {"streams": streams, "per_second": per_second, "imports": imports}
    return [
        Figure(
            name="p5b",
            title=f"P5b: {streams:,} streams and {per_second:,} polls/s: 1 ÷ the 95th percentile of an event's way",
            unit="event",
            floor=f"1 ÷ {LIMIT_S * 1000:.0f} ms",
            goal=GOAL,
            pairs=measured,
            sizes=sizes,
        ),
        Figure(
            name="p5bcpu",
            title=f"P5b: streams, and as many polls/s, that {_CORES} cores would serve, by their CPU",
            unit="stream",
            floor=f"{EACH:,}",
            goal=GOAL,
            pairs=[_by_cpu(pair) for pair in measured],
            sizes=sizes,
        ),
    ]


def _by_cpu(pair: Pair) -> Pair:
    each = Measured(EACH, 1.0, {})
    served = replace(pair.work, units=round(pair.work.values[_SERVED]), seconds=1.0, cpu={}, values={})
    return Pair(each, served, each, pair.speed_ms)


def _apart(folding: Measured, alone: Measured, polled: Measured, streams: int) -> Measured:
    """What streams and polls cost apart: each is what it adds to what goes on without it."""
    without = sum(folding.cpu.values()) / folding.seconds
    with_streams = sum(alone.cpu.values()) / alone.values["seconds"]
    with_both = sum(polled.cpu.values()) / polled.values["seconds"]
    by_stream = max(0.0, with_streams - without) / streams
    by_poll = max(0.0, with_both - with_streams) * polled.values["seconds"] / polled.values["polls"]
    values = {name: value for name, value in polled.values.items() if name != "seconds"}
    return replace(
        polled,
        values={
            **values,
            "p95 without polls, ms": alone.values["p95, ms"],
            "CPU-µs of folding in a second": without * 1e6,
            "CPU-µs of a stream in a second": by_stream * 1e6,
            "CPU-µs of a poll": by_poll * 1e6,
            _SERVED: _CORES / max(1e-6, by_stream + by_poll),
        },
    )


async def _folding(own: OwnProjector, window: float) -> Measured:
    """What the events cost while nobody follows them."""
    async with following.telling(own):
        before = own.clocks.read()
        await asyncio.sleep(window)
        return between(before, own.clocks.read(), len(own.imports))


async def _round(
    own: OwnProjector, streams: int, window: float, *, program: Path | None = None, per_second: int = 0
) -> Measured:
    watched = [own.imports[number % len(own.imports)] for number in range(streams)]
    async with following.readers(own, [own.path(followed, "events/") for followed in watched]) as readers:
        async with following.telling(own) as told:
            before = own.clocks.read()
            report = None
            if program is None:
                await asyncio.sleep(window)
            else:
                report = await vegeta.attack(
                    program, own.urls, headers=own.headers, seconds=window, rate=per_second, workers=64
                )
            done = between(before, own.clocks.read(), streams)
        await own.shown()
        await asyncio.sleep(_ON_THE_WAY_S)
        found = await following.closed(readers)
    delays = following.delays(told, watched, found["seen"])
    cuts = quantiles(delays, n=100)
    failed = report.failed if report else 0
    if found["lost"] or failed:
        why = sorted(report.errors)[:3] if report else []
        raise BenchError(f"{found['lost']} streams and {failed} polls failed: {why}")
    return replace(
        done,
        units=len(delays),
        seconds=len(delays) * cuts[94],
        values={
            "seconds": done.seconds,
            "events": float(len(delays)),
            "p50, ms": cuts[49] * 1000,
            "p95, ms": cuts[94] * 1000,
            "p99, ms": cuts[98] * 1000,
            "polls": float(report.requests if report else 0),
            **({"polls, p99, ms": report.p99} if report else {}),
        },
    )
