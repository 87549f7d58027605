"""P10: a transaction that somebody holds open, so that vacuum cleans up nothing, against the same load without."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import asyncpg

from bench.measure import Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import Running
from bench.stats import Figure
from bench.works.own_provisioner import OwnProvisioner, own_provisioner
from bench.works.own_target import own_target
from bench.works.steady import steadily

GOAL: Final = 0.8
PER_SECOND: Final = 300
_SPARE_S: Final = 300
_DEAD: Final = "SELECT relname, n_dead_tup FROM pg_stat_user_tables WHERE schemaname = 'provisioner'"


async def measure(system: Running, *, minutes: float, burst: int, pairs: int, say: Say) -> list[Figure]:
    """After so many minutes of steady load, measure how fast a burst of accounts is made."""
    async with own_target(system) as target, own_provisioner(system, target) as own:
        say(f"{burst:,} accounts to warm up")
        await own.provision(list(own.requests(burst, 1)))

        async def floor(number: int) -> Measured:
            return await _loaded(own, minutes, burst, 100 + number)

        async def work(number: int) -> Measured:
            async with _held_open(own):
                return await _loaded(own, minutes, burst, 200 + number)

        measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return [
        Figure(
            name="p10",
            title=f"P10: {burst:,} accounts after {minutes:g} min of {PER_SECOND}/s, a transaction held open",
            unit="account",
            floor="the same, none held open",
            goal=GOAL,
            pairs=measured,
            sizes={"accounts": burst, "steady": _steady(minutes), "per_second": PER_SECOND},
        )
    ]


def _steady(minutes: float) -> int:
    return max(PER_SECOND, round(minutes * 60 * PER_SECOND))


async def _loaded(own: OwnProvisioner, minutes: float, burst: int, series: int) -> Measured:
    accounts = _steady(minutes)
    before, began = await own.records(), time.perf_counter()
    clocks = own.clocks
    first = clocks.read()
    await steadily(own, own.requests(accounts, 2 * series), PER_SECOND)
    put = time.perf_counter()
    await own.outcomes(before, 2 * accounts, within_s=_SPARE_S + accounts / PER_SECOND)
    done = time.perf_counter()
    steady = between(first, clocks.read(), accounts)
    await own.finish(keep=True)
    dead = {row["relname"]: row["n_dead_tup"] for row in await own.connection.fetch(_DEAD)}
    measured = await own.provision(list(own.requests(burst, 2 * series + 1)))
    return replace(
        measured,
        values={
            "steady load, accounts/s": accounts / (done - began),
            "steady load, behind at its end, s": done - put,
            **{f"steady load, CPU-µs of {name}": steady.cpu_us(name) for name in ("provisioner", "postgres")},
            **{f"dead rows of {table}": dead.get(table, 0) for table in ("outbox", "work", "positions")},
        },
    )


@asynccontextmanager
async def _held_open(own: OwnProvisioner) -> AsyncIterator[None]:
    """A reader's transaction, from now to the end of the block; then vacuum may do its work."""
    connection = await asyncpg.connect(own.admin)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.fetchval("SELECT count(*) FROM provisioner.positions")
            yield
        await connection.execute("VACUUM")
    finally:
        await connection.close()
