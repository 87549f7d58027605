"""P9: from the commit of an outcome to its confirmation on the log, at 1,000 outcomes a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from statistics import quantiles
from typing import Final

from bench.floors import log
from bench.histogram import Histogram, read_histogram
from bench.measure import Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import Running
from bench.stats import Figure
from bench.works import p9b
from bench.works.own_provisioner import OwnProvisioner, own_provisioner
from bench.works.own_target import own_target
from bench.works.steady import steadily
from schemas.codec import event_type
from schemas.facts import AccountCreated

GOAL: Final = 1.0
LIMIT_S: Final = 0.050
"""What 99 of 100 may take."""
PER_SECOND: Final = 1_000
_METRIC: Final = "course_accounts_provisioner_to_log_seconds"
_SPARE_S: Final = 60
_FACTS: Final = 10
"""Facts of the backlog for each account of the load."""


async def measure(system: Running, *, accounts: int, pairs: int, say: Say) -> list[Figure]:
    """Measure under a steady load of so many accounts, after one that is not counted."""
    async with own_target(system) as target, own_provisioner(system, target) as own:
        start = await log.ends(system.kafka, own.topic)
        say(f"{accounts:,} accounts to warm up")
        await _loaded(own, accounts, 1)

        async def floor(_: int) -> Measured:
            return Measured(accounts, accounts * LIMIT_S, {})

        async def work(number: int) -> Measured:
            return await _loaded(own, accounts, 1 + number)

        measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
        say("a backlog in the outbox")
        drained = await p9b.measure(own, start, facts=accounts * _FACTS, pairs=pairs, say=say)
    return [
        Figure(
            name="p9",
            title=f"P9: outcome committed to confirmed, at {PER_SECOND:,}/s: 1 ÷ the 99th percentile",
            unit="account",
            floor=f"1 ÷ {LIMIT_S * 1000:.0f} ms",
            goal=GOAL,
            pairs=measured,
            sizes={"accounts": accounts, "per_second": PER_SECOND},
        ),
        drained,
    ]


async def _loaded(own: OwnProvisioner, accounts: int, series: int) -> Measured:
    requests = list(own.requests(accounts, series))
    start = await log.ends(own.system.kafka, own.topic)
    before = await own.records()
    seen: list[float] = []
    clocks, counted = own.clocks, await read_histogram(own.metrics_url, _METRIC)
    async with _reader(own, start, seen):
        first = clocks.read()
        late = await steadily(own, requests, PER_SECOND)
        await own.outcomes(before, 2 * accounts, within_s=_SPARE_S + accounts / PER_SECOND)
        done = between(first, clocks.read(), accounts)
        told = (await read_histogram(own.metrics_url, _METRIC)).since(counted)
    await own.finish()
    return replace(done, seconds=accounts * told.quantile(0.99), values=_values(told, seen, late))


def _values(told: Histogram, seen: list[float], late: float) -> dict[str, float]:
    readers = quantiles(seen, n=100) if len(seen) > 1 else [0.0] * 99
    return {
        **{f"p{share}, ms": told.quantile(share / 100) * 1000 for share in (50, 95, 99)},
        **{f"from the decision to a reader, p{share}, ms": readers[share - 1] * 1000 for share in (50, 99)},
        "load late by at most, ms": late * 1000,
    }


@asynccontextmanager
async def _reader(own: OwnProvisioner, start: log.Offsets, seen: list[float]) -> AsyncIterator[None]:
    reading = asyncio.create_task(_read(own, start, seen), name="reader")
    try:
        yield
    finally:
        reading.cancel()
        await asyncio.wait([reading])


async def _read(own: OwnProvisioner, start: log.Offsets, seen: list[float]) -> None:
    """How long after its decision each outcome is in a reader's hands: what the metric says, looked at from outside."""
    async with log.consumer(own.system.kafka, start) as made:
        while True:
            found = await made.getmany(timeout_ms=1000)
            now = datetime.now(UTC)
            for record in (one for records in found.values() for one in records):
                if event_type(record.headers) == AccountCreated.TYPE:
                    decided = datetime.fromisoformat(dict(record.headers)["ce_time"].decode())
                    seen.append((now - decided).total_seconds())
