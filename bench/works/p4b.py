"""P4b: read models built anew from a full log, against reading the same records raw and one COPY of the final rows."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from bench.floors import tables
from bench.floors.steps import Steps
from bench.measure import Clocks, Measured, between, no_collections
from bench.pairs import Say, measure_pairs
from bench.stack import BenchError, Running
from bench.stats import Figure
from bench.works import full_log
from bench.works.full_log import FullLog
from deploy.provisioning.database import Provisioned
from services.common.database import Pool, open_pool
from services.projector.registry import EDITIONS
from services.projector.replay import store
from services.projector.replay.launcher import MODULE
from services.projector.replay.model import WORKING, Kind, State
from services.projector.sets.opening import migrate_control

GOAL: Final = 0.6
_TICK_S: Final = 0.02
_LEAST_RATE: Final = 500.0
_FIXED: Final = ("set_models", "row_classes", "positions", "parked", "import_changes")
_TABLES: Final = (
    "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> ALL($2) ORDER BY tablename"
)


async def measure(system: Running, *, events: int, pairs: int, say: Say) -> Figure:
    """Fill a topic, build once to know the final rows, then measure."""
    say(f"filling a topic with {events:,} events")
    filled = await full_log.fill(system, events)
    async with AsyncExitStack() as leaving:
        known = await leaving.enter_async_context(full_log.database(system, "bench_rebuilt"))
        say("one pass to learn the final rows")
        _, slot = await _build(filled, known)
        connection = await asyncpg.connect(known.admin)
        leaving.push_async_callback(connection.close)
        shapes = await _final_rows(connection, slot)

        async def floor(_: int) -> Measured:
            return await _floor(filled, connection, shapes)

        async def work(number: int) -> Measured:
            async with full_log.database(system, f"bench_rebuild_{number}") as provisioned:
                return (await _build(filled, provisioned))[0]

        measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return Figure(
        name="p4b",
        title=f"P4b: read models built anew from {filled.count:,} events",
        unit="event",
        floor="raw consume + COPY of the final rows",
        goal=GOAL,
        pairs=measured,
        sizes={"events": filled.count, "rows": sum(len(shape.rows) for shape in shapes)},
    )


async def _final_rows(connection: Any, slot: str) -> Sequence[tables.Shape]:
    """Every table with what it holds in the end, and an empty one like it."""
    names = [row["tablename"] for row in await connection.fetch(_TABLES, slot, _FIXED)]
    return [
        await tables.plain(connection, f"{slot}.{name}", rows)
        for name in names
        if (rows := await connection.fetch(f"SELECT * FROM {slot}.{name}"))  # noqa: S608 - ours
    ]


async def _floor(filled: FullLog, connection: Any, shapes: Sequence[tables.Shape]) -> Measured:
    consumed = await filled.consume()
    for shape in shapes:
        await tables.empty(connection, shape)
    steps = Steps(Clocks({"postgres": filled.system.processes["postgres"]}), consumed.units)
    with no_collections():
        async with steps.step("COPY"):
            for shape in shapes:
                await tables.copy(connection, shape)
    copied = steps.total()
    cpu = {
        name: consumed.cpu.get(name, 0.0) + copied.cpu.get(name, 0.0) for name in {*consumed.cpu, *copied.cpu}
    }
    return replace(
        copied,
        seconds=consumed.seconds + copied.seconds,
        cpu=cpu,
        foreign=max(consumed.foreign, copied.foreign),
        steps={"consume": consumed.seconds, **copied.steps},
    )


async def _build(filled: FullLog, provisioned: Provisioned) -> tuple[Measured, str]:
    """Let a process of the projector build a set; what that took from its first statement on, and where it lies."""
    dsn = provisioned.services["projector"]
    await migrate_control(dsn)
    async with (
        await open_pool(dsn, name="bench", size=1) as pool,
        _process(filled, provisioned, pool) as begun,
    ):
        replay_id, pid = begun
        pids = {part: filled.system.processes[part] for part in ("kafka", "postgres")}
        clocks = Clocks({"replay": [pid], **pids})
        try:
            async with asyncio.timeout(60 + filled.count / _LEAST_RATE):
                await _no_longer(pool, replay_id, State.QUEUED)
                before = clocks.read()
                await _no_longer(pool, replay_id, *WORKING)
                done = between(before, clocks.read(), filled.count)
        except TimeoutError:
            raise BenchError(f"The read models were not built from {filled.count} events in time.") from None
        replay = await store.one(pool, replay_id)
        if replay is None or replay.state is not State.DONE or replay.slot is None:
            raise BenchError(f"The read models were not built: {replay and replay.message}")
        await filled.check(pool, replay.slot)
    return done, replay.slot


async def _no_longer(pool: Pool, replay_id: UUID, *states: State) -> None:
    while True:
        replay = await store.one(pool, replay_id)
        if replay is None or replay.state not in states:
            return
        await asyncio.sleep(_TICK_S)


@asynccontextmanager
async def _process(filled: FullLog, provisioned: Provisioned, pool: Pool) -> AsyncIterator[tuple[UUID, int]]:
    """A replay until the end of the log, and the process that works on it, as a projector starts it."""
    replay_id, worker, now = uuid4(), uuid4(), datetime.now(UTC)
    await store.add(
        pool, replay_id, Kind.SCRATCH, edition=next(iter(EDITIONS)), project_id=None, author="bench",
        reason="P4b", now=now, until_time=None, until_offsets=None,
    )  # fmt: skip
    await store.claim(pool, worker, now=now)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        str(replay_id),
        str(worker),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **filled.settings(provisioned)},
    )
    try:
        yield replay_id, process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
