"""P3a: accounts with one call each, against the raw client with the same calls; and with calls that take 50 ms."""

from dataclasses import replace
from typing import Final

from bench.floors import calls
from bench.floors.steps import Steps
from bench.measure import Clocks, Measured, no_collections
from bench.pairs import Say, measure_pairs
from bench.stack import Running
from bench.stats import Figure
from bench.works.captured import Bodies, sent_bodies
from bench.works.own_provisioner import CONCURRENCY, OwnProvisioner, own_provisioner
from bench.works.own_target import own_target

GOAL: Final = 0.6
GOAL_OF_SLOW: Final = 0.95
LATENCY_MS: Final = 50
_SERIES_OF_SLOW: Final = 1000
_WARM: Final = 4
"""The share of the accounts that is made before anything counts, and with which the raw client is looked at."""


async def measure(system: Running, *, rows: int, pairs: int, say: Say) -> list[Figure]:
    """Measure both, with one provisioner."""
    few = max(CONCURRENCY, rows // _WARM)
    async with own_target(system) as target:
        await target.behave(arrays=False)
        async with own_provisioner(system, target) as own:
            say(f"{few:,} accounts to warm up")
            await own.provision(list(own.requests(few, 1)), keep=True)
            bodies = await sent_bodies(own.connection)
            await own.forget()
            at_once = await _at_once(own, bodies, rows, pairs, say)
            await target.behave(arrays=False, latency_ms=LATENCY_MS)
            return [at_once, await _slow(own, bodies, rows, pairs, say)]


async def _at_once(own: OwnProvisioner, bodies: Bodies, rows: int, pairs: int, say: Say) -> Figure:
    async def floor(number: int) -> Measured:
        return await _raw(own, bodies.fresh(rows, f"floor{number}."))

    async def work(number: int) -> Measured:
        return await own.provision(list(own.requests(rows, 1 + number)))

    return Figure(
        name="p3a",
        title=f"P3a: {rows:,} accounts, one call each, from the log to the log",
        unit="account",
        floor="raw aiohttp client, the same calls",
        goal=GOAL,
        pairs=await measure_pairs(pairs, floor=floor, work=work, say=say),
        sizes={"accounts": rows, "concurrency": CONCURRENCY},
    )


async def _slow(own: OwnProvisioner, bodies: Bodies, rows: int, pairs: int, say: Say) -> Figure:
    most = CONCURRENCY * 1000 / LATENCY_MS
    few = max(CONCURRENCY, rows // _WARM)

    async def floor(number: int) -> Measured:
        raw = await _raw(own, bodies.fresh(few, f"slow{number}."))
        # What counts is what so many calls at once could do; the raw client shows how near one can come.
        return replace(
            raw,
            units=rows,
            seconds=rows / most,
            cpu={name: seconds * rows / few for name, seconds in raw.cpu.items()},
            steps={},
            values={"raw client, share of what is possible": raw.rate / most},
        )

    async def work(number: int) -> Measured:
        return await own.provision(list(own.requests(rows, _SERIES_OF_SLOW + number)))

    return Figure(
        name="p3a50",
        title=f"P3a: {rows:,} accounts, one call of {LATENCY_MS} ms each",
        unit="account",
        floor=f"{CONCURRENCY} calls at once ÷ {LATENCY_MS} ms",
        goal=GOAL_OF_SLOW,
        pairs=await measure_pairs(pairs, floor=floor, work=work, say=say),
        sizes={"accounts": rows, "concurrency": CONCURRENCY, "latency_ms": LATENCY_MS},
    )


async def _raw(own: OwnProvisioner, bodies: list[bytes]) -> Measured:
    access = own.target.access
    steps = Steps(Clocks({"account_service": [own.target.pid]}), len(bodies))
    async with calls.session(access.token_url, access.client_id, access.client_secret) as made:
        with no_collections():
            async with steps.step("calls"):
                await calls.post_all(made, access.url, bodies)
    return steps.total()
