"""P4a: the real projector reading a log that is full already, against reading the same records raw."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import asyncpg

from bench.floors import log
from bench.measure import Clocks, Measured, between, no_collections
from bench.pairs import Say, measure_pairs
from bench.stack import BenchError, Running
from bench.stats import Figure
from bench.works import history
from deploy.embedded.ports import free_port
from deploy.embedded.service_process import ServiceProcess
from deploy.embedded.stack import HOST, ServiceSpec
from deploy.provisioning.topics import provision_topics
from schemas.facts import ProjectSnapshot
from schemas.topics import LOG_PARTITIONS, Topic

GOAL: Final = 0.15
TOPIC: Final = "bench.history"
_TICK_S: Final = 0.02
_LEAST_RATE: Final = 500.0
_STOP_WITHIN: Final = 10.0
_READ_SO_FAR: Final = "SELECT coalesce(sum(next_offset), 0)::bigint FROM {}.positions WHERE topic = $1"
_CHECK: Final = """
SELECT count(*) FILTER (WHERE standing = 'ok') AS created, (SELECT count(*) FROM {0}.import_rows) AS rows
FROM {0}.accounts
"""


async def measure(system: Running, *, events: int, pairs: int, warm: bool, say: Say) -> Figure:
    """Fill a topic, let one projector read it to warm everything up (if so wished), then measure."""
    say(f"filling a topic with {events:,} events")
    count, accounts = await _fill(system, events)

    async def floor(_: int) -> Measured:
        return await _floor(system, count)

    async def work(number: int) -> Measured:
        return await _work(system, number, count, accounts)

    if warm:
        say("one pass to warm up")
        await work(0)
    measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return Figure(
        name="p4a",
        title=f"P4a: projector reading {count:,} events",
        unit="event",
        floor="raw consume",
        goal=GOAL,
        pairs=measured,
        sizes={"events": count},
    )


async def _fill(system: Running, events: int) -> tuple[int, int]:
    await provision_topics(system.kafka, [Topic(TOPIC, LOG_PARTITIONS, {"retention.ms": "-1"})])
    course = system.project
    project = ProjectSnapshot(project_id=UUID(course["uuid"]), name=course["name"], slug="bench")
    made = history.messages(events, project, LOG_PARTITIONS)
    async with log.producer(system.kafka) as producer:
        await log.produce(producer, TOPIC, made)
    return len(made), events // 2


async def _floor(system: Running, count: int) -> Measured:
    starts = dict.fromkeys(await log.ends(system.kafka, TOPIC), 0)
    clocks = Clocks({"kafka": system.processes["kafka"]})
    with no_collections():
        async with log.consumer(system.kafka, starts) as made:
            # Both sides are timed from their first batch on: joining and connecting are not what is compared.
            left = count - await log.consume(made, 1)
            before, own = clocks.read(), time.process_time()
            await log.consume(made, left)
            own = time.process_time() - own
            done = between(before, clocks.read(), left)
    return replace(done, cpu={**done.cpu, "client": own})


async def _work(system: Running, number: int, count: int, accounts: int) -> Measured:
    tables = f"bench_{number}"
    connection = await asyncpg.connect(system.postgres)
    try:
        await connection.execute(f"CREATE SCHEMA {tables} AUTHORIZATION projector")
        async with _projector(system, tables) as projector:
            pids = {name: system.processes[name] for name in ("kafka", "postgres")}
            clocks = Clocks({"projector": [projector.pid or 0], **pids})
            async with asyncio.timeout(60 + count / _LEAST_RATE):
                first = await _passed(connection, tables, 0)
                before = clocks.read()
                await _passed(connection, tables, count - 1)
            done = between(before, clocks.read(), count - first)
        await _check(connection, tables, accounts)
    except TimeoutError:
        raise BenchError(f"The projector did not read {count} events in time.") from None
    else:
        return done
    finally:
        await connection.execute(f"DROP SCHEMA IF EXISTS {tables} CASCADE")
        await connection.close()


async def _passed(connection: Any, tables: str, offsets: int) -> int:
    """Wait until more than so many records are folded; how many are."""
    query = _READ_SO_FAR.format(tables)
    while True:
        read = int(await connection.fetchval(query, TOPIC))
        if read > offsets:
            return read
        await asyncio.sleep(_TICK_S)


async def _check(connection: Any, tables: str, accounts: int) -> None:
    found = await connection.fetchrow(_CHECK.format(tables))
    if (found["created"], found["rows"]) != (accounts, accounts):
        raise BenchError(f"The projector's tables hold {dict(found)} and not {accounts} of each.")


@asynccontextmanager
async def _projector(system: Running, tables: str) -> AsyncIterator[ServiceProcess]:
    """A further projector, with tables, topic and group of its own; it is ready, and reading, when it is given."""
    port = free_port()
    spec = ServiceSpec("projector", 2, port, _settings(system, tables, port))
    process = ServiceProcess(spec, system.warden, system.folder)
    await process.start()
    try:
        yield process
    finally:
        await process.stop(within=_STOP_WITHIN)


def _settings(system: Running, tables: str, port: int) -> Mapping[str, str]:
    values = {
        "KAFKA": system.kafka,
        "POSTGRES": system.dsn_of("projector"),
        "INTERNAL_TOKEN": system.keys.internal_token,
        "HOST": HOST,
        "PORT": str(port),
        "LOG_TOPIC": TOPIC,
        "GROUP": tables,
        "TABLES": tables,
    }
    return {f"COURSE_ACCOUNTS_PROJECTOR_{name}": value for name, value in values.items()}
