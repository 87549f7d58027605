"""P5b: streams of events and pollers together, generators and servers on the same machine."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from statistics import quantiles
from time import time
from typing import Any, Final
from uuid import UUID

import orjson

from bench import vegeta
from bench.measure import Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import BenchError, Running
from bench.stats import Figure
from bench.works.own_projector import OwnProjector, own_projector

GOAL: Final = 1.0
LIMIT_S: Final = 0.120
"""In which 95 of 100 events are with their readers."""
_IMPORTS: Final = 40
_EVERY_S: Final = 1.0
"""Each import has one outcome in so many seconds, and so has every reader."""
_WITHIN_S: Final = 60.0
_CORES: Final = 2


@dataclass(slots=True)
class Told:
    """When which version of each import was put on the log."""

    at: dict[UUID, list[tuple[int, float]]]


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
    rounds = 2 * (pairs + 1)
    rows = round(rounds * (window + 2) / _EVERY_S) + 10
    async with own_projector(system, imports=imports, rows=rows) as own:

        async def floor(_: int) -> Measured:
            return Measured(streams, streams * LIMIT_S, {})

        async def work(_: int) -> Measured:
            alone = await _round(own, streams, window)
            polled = await _round(own, streams, window, program=program, per_second=per_second)
            return _together(alone, polled, streams)

        measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return [
        Figure(
            name="p5b",
            title=f"P5b: {streams:,} streams and {per_second:,} polls/s: 1 ÷ the 95th percentile of an event's way",
            unit="event",
            floor=f"1 ÷ {LIMIT_S * 1000:.0f} ms",
            goal=GOAL,
            pairs=measured,
            sizes={"streams": streams, "per_second": per_second, "imports": imports},
        )
    ]


def _together(alone: Measured, polled: Measured, streams: int) -> Measured:
    """What both cost apart: what the pollers add is theirs."""
    by_stream = sum(alone.cpu.values()) / alone.values["seconds"] / streams
    both = sum(polled.cpu.values())
    requests = polled.values["polls"]
    by_request = max(0.0, both - by_stream * streams * polled.values["seconds"]) / max(1.0, requests)
    return replace(
        polled,
        values={
            **{name: value for name, value in polled.values.items() if name != "seconds"},
            "p95 without polls, ms": alone.values["p95, ms"],
            "CPU-µs of a stream in a second": by_stream * 1e6,
            "CPU-µs of a poll": by_request * 1e6,
            f"as many of each as {_CORES} cores would serve": _CORES / (by_stream + by_request),
        },
    )


async def _round(
    own: OwnProjector, streams: int, window: float, *, program: Any = None, per_second: int = 0
) -> Measured:
    watched = [own.imports[number % len(own.imports)] for number in range(streams)]
    async with _readers(own, [own.path(followed, "events/") for followed in watched]) as readers:
        told = Told({followed.import_id: [] for followed in own.imports})
        telling = asyncio.create_task(_tell(own, told), name="telling")
        try:
            before = own.clocks.read()
            report = None
            if program is None:
                await asyncio.sleep(window)
            else:
                report = await vegeta.attack(
                    program, own.urls, headers=own.headers, seconds=window, rate=per_second, workers=64
                )
            done = between(before, own.clocks.read(), streams)
        finally:
            telling.cancel()
            await asyncio.wait([telling])
        await asyncio.sleep(_EVERY_S)  # the last events are on their way
        found = await _closed(readers)
    delays = _delays(told, watched, found["seen"])
    cuts = quantiles(delays, n=100)
    lost = found["lost"] + (report.failed if report else 0)
    if lost:
        raise BenchError(f"{lost} streams or polls failed.")
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


async def _tell(own: OwnProjector, told: Told) -> None:
    """One outcome of each import a second, one after the other."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    step = _EVERY_S / len(own.imports)
    while True:
        for followed in own.imports:
            due += step
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not followed.outcomes:
                raise BenchError("There are no more outcomes to tell.")
            fact = followed.outcomes.pop(0)
            followed.version += 1
            told.at[followed.import_id].append((followed.version, time()))
            await own.tell(fact)


def _delays(told: Told, watched: Sequence[Any], seen: Sequence[Sequence[tuple[int, float]]]) -> list[float]:
    """For each reader and each version, how long until it saw that or a later one.

    Raises:
        BenchError: a reader did not see one.
    """
    delays = []
    for followed, own in zip(watched, seen, strict=True):
        arrivals = iter(own)
        version, at = next(arrivals, (0, 0.0))
        for wanted, sent in told.at[followed.import_id]:
            while version < wanted:
                version, at = next(arrivals, (-1, 0.0))
                if version < 0:
                    raise BenchError(f"A reader was not told of version {wanted}.")
            delays.append(at - sent)
    return delays


@asynccontextmanager
async def _readers(own: OwnProjector, paths: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Readers in a process of their own, each with its first status."""
    host, _, port = own.process.spec.url.removeprefix("http://").partition(":")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.readers", host, port,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**28,
    )  # fmt: skip
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - as above
        process.stdin.write(f"{own.token}\n{' '.join(paths)}\n".encode())
        try:
            async with asyncio.timeout(_WITHIN_S):
                if await process.stdout.readline() != b"reading\n":
                    raise BenchError("The readers of events did not get their streams.")
        except TimeoutError:
            raise BenchError("The readers of events did not get their streams in time.") from None
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _closed(readers: asyncio.subprocess.Process) -> Mapping[str, Any]:
    """Let the readers stop and say what they saw.

    Raises:
        BenchError: they do not.
    """
    assert readers.stdin is not None  # noqa: S101 - asked for above
    assert readers.stdout is not None  # noqa: S101 - as above
    readers.stdin.close()
    try:
        async with asyncio.timeout(_WITHIN_S):
            told: Mapping[str, Any] = orjson.loads(await readers.stdout.read())
    except TimeoutError:
        raise BenchError("The readers of events did not stop in time.") from None
    return told
