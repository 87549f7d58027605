"""P4a: the real projector reading a log that is full already, against reading the same records raw."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from bench.measure import Clocks, Measured, between
from bench.pairs import Say, measure_pairs
from bench.stack import BenchError, Running
from bench.stats import Figure
from bench.works import full_log
from bench.works.full_log import TOPIC, FullLog
from deploy.embedded.ports import free_port
from deploy.embedded.service_process import ServiceProcess
from deploy.embedded.stack import HOST, ServiceSpec
from deploy.provisioning.database import Provisioned

GOAL: Final = 0.3
_TICK_S: Final = 0.02
_LEAST_RATE: Final = 500.0
_STOP_WITHIN: Final = 10.0
_READ_SO_FAR: Final = "SELECT coalesce(sum(next_offset), 0)::bigint FROM projector.positions WHERE topic = $1"


async def measure(system: Running, *, events: int, pairs: int, warm: bool, say: Say) -> Figure:
    """Fill a topic, let one projector read it to warm everything up (if so wished), then measure."""
    say(f"filling a topic with {events:,} events")
    filled = await full_log.fill(system, events)

    async def floor(_: int) -> Measured:
        return await filled.consume()

    async def work(number: int) -> Measured:
        return await _work(filled, f"bench_live_{number}")

    if warm:
        say("one pass to warm up")
        await work(0)
    measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return Figure(
        name="p4a",
        title=f"P4a: projector reading {filled.count:,} events",
        unit="event",
        floor="raw consume",
        goal=GOAL,
        pairs=measured,
        sizes={"events": filled.count},
    )


async def _work(filled: FullLog, name: str) -> Measured:
    system, count = filled.system, filled.count
    async with full_log.database(system, name) as provisioned:
        connection = await asyncpg.connect(provisioned.admin)
        try:
            async with _projector(filled, provisioned) as projector:
                pids = {part: system.processes[part] for part in ("kafka", "postgres")}
                clocks = Clocks({"projector": [projector.pid or 0], **pids})
                async with asyncio.timeout(60 + count / _LEAST_RATE):
                    first = await _passed(connection, 0)
                    before = clocks.read()
                    await _passed(connection, count - 1)
                done = between(before, clocks.read(), count - first)
            await filled.check(connection, "projector")
        except TimeoutError:
            raise BenchError(f"The projector did not read {count} events in time.") from None
        finally:
            await connection.close()
    return done


async def _passed(connection: Any, offsets: int) -> int:
    """Wait until more than so many records are folded; how many are."""
    while True:
        read = int(await connection.fetchval(_READ_SO_FAR, TOPIC))
        if read > offsets:
            return read
        await asyncio.sleep(_TICK_S)


@asynccontextmanager
async def _projector(filled: FullLog, provisioned: Provisioned) -> AsyncIterator[ServiceProcess]:
    """A further projector with a database of its own; it is ready, and reading, when it is given."""
    system, port = filled.system, free_port()
    own = {"COURSE_ACCOUNTS_PROJECTOR_HOST": HOST, "COURSE_ACCOUNTS_PROJECTOR_PORT": str(port)}
    spec = ServiceSpec("projector", 2, port, {**filled.settings(provisioned), **own})
    process = ServiceProcess(spec, system.warden, system.folder)
    await process.start()
    try:
        yield process
    finally:
        await process.stop(within=_STOP_WITHIN)
