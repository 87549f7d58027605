"""A further provisioner, alone with its work: a database and a log topic of its own, which nobody else works on.

It is the real service in a process of its own. What it shall do is written to its log while it is held (SIGSTOP);
the clock starts when it is let go.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from aiokafka import TopicPartition

from bench.floors import log
from bench.measure import Clocks, Measured, between
from bench.stack import BenchError, Running
from bench.works import history
from bench.works.own_target import OwnTarget
from deploy.embedded import stack
from deploy.embedded.ports import free_port
from deploy.embedded.service_process import ServiceProcess
from deploy.provisioning.database import provision_database
from deploy.provisioning.topics import provision_topics
from schemas.facts import ProjectSnapshot
from schemas.topics import LOG_PARTITIONS, Topic
from services.common.records import Message

DATABASE: Final = "bench_provisioner"
CONCURRENCY: Final = 64
_TICK_S: Final = 0.01
_LEAST_RATE: Final = 40.0
_STOP_WITHIN: Final = 15.0
_EMPTY: Final = "TRUNCATE provisioner.accounts, provisioner.work, provisioner.outbox"
_MADE: Final = "SELECT count(*) FILTER (WHERE state = 2), count(*) FROM provisioner.accounts"
_READ: Final = (
    "SELECT coalesce(sum(next_offset), 0)::bigint FROM provisioner.positions "
    "WHERE topic <> 'course-accounts.projects.v1'"
)


@dataclass(frozen=True, slots=True)
class OwnProvisioner:
    """The running provisioner, its log, its tables, and the account service it calls."""

    system: Running
    target: OwnTarget
    process: ServiceProcess
    topic: str
    admin: str
    """An administrator's DSN of its database."""
    connection: asyncpg.Connection
    producer: Any
    reader: Any

    @property
    def pid(self) -> int:
        """Of the process."""
        return self.process.pid or 0

    @property
    def clocks(self) -> Clocks:
        """Of all that takes part."""
        servers = {name: self.system.processes[name] for name in ("kafka", "postgres")}
        return Clocks({"provisioner": [self.pid], "account_service": [self.target.pid], **servers})

    @property
    def metrics_url(self) -> str:
        """What it tells of itself."""
        return f"{self.process.spec.url}/metrics"

    def requests(self, accounts: int, series: int) -> Iterator[Message]:
        """Requests for accounts that no other series asks for."""
        course = self.system.project
        project = ProjectSnapshot(project_id=UUID(course["uuid"]), name=course["name"], slug="bench")
        return history.requests(accounts, series, project, LOG_PARTITIONS)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let it do nothing inside the block."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    async def ask(self, requests: Sequence[Message]) -> None:
        """Put requests on its log."""
        await log.produce(self.producer, self.topic, requests)

    async def records(self) -> int:
        """How many records lie on its log."""
        parts = [TopicPartition(self.topic, number) for number in range(LOG_PARTITIONS)]
        return sum((await self.reader.end_offsets(parts)).values())

    async def provision(self, requests: Sequence[Message], *, keep: bool = False) -> Measured:
        """Fill its log with requests, let it go, and measure until the last outcome is confirmed on the log.

        With `keep` the accounts stay in its tables.

        Raises:
            BenchError: not every account was made, or it takes far too long.
        """
        before = await self.records()
        clocks = self.clocks
        with self.held():
            await self.ask(requests)
            first, own = clocks.read(), time.process_time()
        began = time.perf_counter()
        await self.outcomes(before, 2 * len(requests), within_s=60 + len(requests) / _LEAST_RATE)
        took = time.perf_counter() - began
        own = time.process_time() - own
        done = between(first, clocks.read(), len(requests), seconds=took)
        await self.finish(keep=keep)
        return replace(done, cpu={**done.cpu, "client": own})

    async def outcomes(self, since: int, records: int, *, within_s: float) -> None:
        """Wait until so many records more than `since` are confirmed on its log.

        Raises:
            BenchError: they do not come.
        """

        async def there() -> bool:
            return await self.records() >= since + records

        await _until(there, within_s, f"The provisioner did not write {records:,} records in time.")

    async def finish(self, *, keep: bool = False) -> None:
        """Wait until it has read its own outcomes, see that every account is there, and empty its tables.

        Raises:
            BenchError: accounts are missing or not made.
        """

        async def read() -> bool:
            return bool(await self.connection.fetchval(_READ) >= await self.records())

        await _until(read, 60, "The provisioner does not read its own outcomes.")
        found = await self.connection.fetchrow(_MADE)
        made, known = found or (0, 0)
        if made != known:
            raise BenchError(f"Of {known:,} accounts {made:,} were made.")
        if not keep:
            await self.forget()

    async def forget(self) -> None:
        """Empty its tables, so that no measurement works beside the rows of another."""
        await self.connection.execute(_EMPTY)


@asynccontextmanager
async def own_provisioner(
    system: Running, target: OwnTarget, **settings: object
) -> AsyncIterator[OwnProvisioner]:
    """Start one that calls `target`; `settings` in small letters. Everything it made is dropped at the end."""
    topic = f"bench.accounts.{uuid4().hex[:8]}"
    provisioned = await provision_database(system.postgres, DATABASE, system.keys.passwords())
    await provision_topics(system.kafka, [Topic(topic, LOG_PARTITIONS, {"retention.ms": "-1"})])
    own = {"log_topic": topic, "group": topic, "concurrency": CONCURRENCY, **settings}
    async with AsyncExitStack() as leaving:
        leaving.push_async_callback(_drop, system)
        process = ServiceProcess(
            _spec(system, target, provisioned.services, own), system.warden, system.folder
        )
        await process.start()
        leaving.push_async_callback(lambda: process.stop(within=_STOP_WITHIN))
        connection = await asyncpg.connect(provisioned.admin)
        leaving.push_async_callback(connection.close)
        yield OwnProvisioner(
            system,
            target,
            process,
            topic,
            provisioned.admin,
            connection,
            await leaving.enter_async_context(log.producer(system.kafka)),
            await leaving.enter_async_context(log.consumer(system.kafka, {})),
        )


def _spec(
    system: Running, target: OwnTarget, dsns: Mapping[str, str], own: Mapping[str, object]
) -> stack.ServiceSpec:
    backing = stack.Backing(system.kafka, dsns, system.keys.internal_token, target.access)
    projector = int(system.address_of("projector").rpartition(":")[2])
    specs = stack.services({("provisioner", 2): free_port(), ("projector", 1): projector}, backing)
    spec = next(spec for spec in specs if spec.service == "provisioner")
    named = {f"COURSE_ACCOUNTS_PROVISIONER_{name.upper()}": str(value) for name, value in own.items()}
    return replace(spec, env={**spec.env, **named})


async def _until(condition: Callable[[], Awaitable[bool]], within_s: float, otherwise: str) -> None:
    try:
        async with asyncio.timeout(within_s):
            while True:
                if await condition():
                    return
                await asyncio.sleep(_TICK_S)
    except TimeoutError:
        raise BenchError(otherwise) from None


async def _drop(system: Running) -> None:
    admin = await asyncpg.connect(system.postgres)
    try:
        await admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    finally:
        await admin.close()
