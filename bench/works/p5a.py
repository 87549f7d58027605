"""P5a: the status endpoint asked by very many, against the same HTTP server answering a fixed body."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import aiohttp

from bench import vegeta
from bench.floors.fixed import fixed
from bench.measure import Clocks, Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import BenchError, Running
from bench.stats import Figure
from bench.works.own_projector import OwnProjector, own_projector

UNCHANGED_GOAL: Final = 0.6
CHANGED_GOAL: Final = 0.4
POLLERS_GOAL: Final = 1.0
LIMIT_S: Final = 0.050
"""What 99 of 100 polls may take while a thousand poll."""
_IMPORTS: Final = 20
_ROWS: Final = 100
_STEADY_SHARE: Final = 0.5
"""Of what the server can do: where latencies are looked at."""


async def measure(
    system: Running, *, pollers: int, window: float, pairs: int, build: bool, say: Say
) -> list[Figure]:
    """Both paths at full load and at half of it, then so many pollers that each ask once a second."""
    try:
        program = await vegeta.ensure(build=build, say=say)
    except BenchError as reason:
        say(f"not measured: {reason}")
        return []
    async with own_projector(system, imports=_IMPORTS, rows=_ROWS) as own:
        tags, size = await _tags(own)
        async with fixed(size) as server:
            say("a round to warm up")
            await vegeta.attack(program, own.urls, headers=own.headers, seconds=window)

            async def floor(_: int) -> Measured:
                return await _full(
                    program, [server.url], own.headers, window, Clocks({"server": [server.pid]})
                )

            figures = []
            for name, title, held, goal in (
                ("p5a304", "nothing new: 304", tags, UNCHANGED_GOAL),
                ("p5a200", "200", '"none"', CHANGED_GOAL),
            ):
                headers = {**own.headers, "If-None-Match": held}

                async def work(_: int, headers: dict[str, str] = headers) -> Measured:
                    done = await _full(program, own.urls, headers, window, own.clocks)
                    return await _steady(program, own, headers, window, done)

                figures.append(
                    Figure(
                        name=name,
                        title=f"P5a: status of an import, {title}",
                        unit="request",
                        floor=f"uvicorn answering {size} fixed bytes, plain ASGI",
                        goal=goal,
                        pairs=await measure_pairs(pairs, floor=floor, work=work, say=say),
                        sizes={"imports": _IMPORTS, "bytes": size},
                    )
                )
        say(f"{pollers:,} pollers, each once a second")
        figures.append(await _pollers(program, own, tags, pollers, window, pairs, say))
        return figures


async def _pollers(
    program: Path, own: OwnProjector, tags: str, pollers: int, window: float, pairs: int, say: Say
) -> Figure:
    headers = {**own.headers, "If-None-Match": tags}

    async def floor(_: int) -> Measured:
        return Measured(pollers, pollers * LIMIT_S, {})

    async def work(_: int) -> Measured:
        before = own.clocks.read()
        report = await vegeta.attack(
            program, own.urls, headers=headers, seconds=window, rate=pollers, workers=pollers
        )
        done = between(before, own.clocks.read(), report.requests)
        _check(report)
        return replace(
            done, seconds=report.requests * report.p99 / 1000, values=_latencies(report, "pollers")
        )

    return Figure(
        name="p5a1000",
        title=f"P5a: {pollers:,} pollers, each once a second: 1 ÷ the 99th percentile",
        unit="request",
        floor=f"1 ÷ {LIMIT_S * 1000:.0f} ms",
        goal=POLLERS_GOAL,
        pairs=await measure_pairs(pairs, floor=floor, work=work, say=say),
        sizes={"pollers": pollers},
    )


async def _tags(own: OwnProjector) -> tuple[str, int]:
    """The entity tags of all imports as one header, and the size of an answer."""
    tags, sizes = [], []
    async with aiohttp.ClientSession(headers=own.headers) as http:
        for url in own.urls:
            async with http.get(url) as answer:
                if answer.status != 200:
                    raise BenchError(f"The status of an import was answered {answer.status}.")
                tags.append(answer.headers["ETag"])
                sizes.append(len(await answer.read()))
    if len(set(tags)) > 1:  # all imports are alike, so one header fits all
        raise BenchError(f"The imports do not stand alike: {sorted(set(tags))}.")
    return tags[0], max(sizes)


async def _full(
    program: Path, urls: Sequence[str], headers: dict[str, str], window: float, clocks: Clocks
) -> Measured:
    before = clocks.read()
    report = await vegeta.attack(program, urls, headers=headers, seconds=window)
    done = between(before, clocks.read(), report.requests, seconds=report.seconds)
    _check(report)
    return done


async def _steady(
    program: Path, own: OwnProjector, headers: dict[str, str], window: float, done: Measured
) -> Measured:
    """The latencies at half of that load, at a steady pace."""
    report = await vegeta.attack(
        program, own.urls, headers=headers, seconds=window, rate=max(1, round(done.rate * _STEADY_SHARE))
    )
    _check(report)
    return replace(done, values=_latencies(report, "half load"))


def _latencies(report: vegeta.Report, when: str) -> dict[str, float]:
    return {
        f"{when}, p50, ms": report.p50,
        f"{when}, p95, ms": report.p95,
        f"{when}, p99, ms": report.p99,
    }


def _check(report: vegeta.Report) -> None:
    if report.failed:
        raise BenchError(f"{report.failed} of {report.requests} requests failed: {list(report.errors)[:3]}")
