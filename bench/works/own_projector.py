"""A further projector, alone with its work: a database and a log topic of its own, and imports to be followed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import aiohttp
import asyncpg

from bench.floors import log
from bench.measure import Clocks
from bench.stack import BenchError, Running
from bench.works import history
from deploy.embedded.ports import free_port
from deploy.embedded.service_process import ServiceProcess
from deploy.embedded.stack import HOST, ServiceSpec
from deploy.provisioning.database import Provisioned, provision_database
from deploy.provisioning.topics import provision_topics
from schemas.facts import Fact, ProjectSnapshot
from schemas.topics import LOG_PARTITIONS, Topic
from services.common.access.tokens import add_token, new_token
from services.common.database import open_pool

DATABASE: Final = "bench_projector"
MOST_ROWS: Final = 2_000
_READ: Final = "SELECT coalesce(sum(next_offset), 0)::bigint FROM projector.positions WHERE topic = $1"
_WITHIN_S: Final = 120.0
_TICK_S: Final = 0.05
_STOP_WITHIN: Final = 15.0


@dataclass(slots=True)
class Followed:
    """An import whose rows have all been asked for: where it stands, and the outcomes that are yet to come."""

    import_id: UUID
    version: int
    outcomes: list[Fact]


@dataclass(frozen=True, slots=True)
class OwnProjector:
    """The running projector, and what it shows."""

    system: Running
    process: ServiceProcess
    topic: str
    token: str
    producer: Any
    imports: list[Followed]

    @property
    def clocks(self) -> Clocks:
        """Of those who answer."""
        return Clocks({"projector": [self.process.pid or 0], "postgres": self.system.processes["postgres"]})

    @property
    def headers(self) -> dict[str, str]:
        """What a client sends."""
        return {"Authorization": f"Token {self.token}"}

    def path(self, followed: Followed, rest: str = "") -> str:
        """Of the status of an import, or of what lies below."""
        return f"/api/course-imports/{followed.import_id.hex}/{rest}"

    @property
    def urls(self) -> list[str]:
        """Of the status of every import."""
        return [f"{self.process.spec.url}{self.path(followed)}" for followed in self.imports]

    async def shown(self) -> None:
        """Wait until every status shows all that was told.

        Raises:
            BenchError: one does not.
        """
        async with aiohttp.ClientSession(headers=self.headers) as http:
            for followed, url in zip(self.imports, self.urls, strict=True):
                query = {"since": followed.version - 1, "wait": 30}
                async with http.get(url, params=query) as answer:
                    if (await answer.json())["version"] < followed.version:
                        raise BenchError("The projector does not show what it was told.")

    async def tell(self, fact: Fact) -> None:
        """Put one fact on its log, of this moment."""
        await log.produce(
            self.producer, self.topic, [history.message(fact, datetime.now(UTC), LOG_PARTITIONS)]
        )


@asynccontextmanager
async def own_projector(system: Running, *, imports: int, rows: int) -> AsyncIterator[OwnProjector]:
    """Start one that has read so many imports of so many rows. Everything it made is dropped at the end."""
    topic, token = f"bench.followed.{uuid4().hex[:8]}", new_token()
    provisioned = await provision_database(system.postgres, DATABASE, system.keys.passwords())
    await provision_topics(system.kafka, [Topic(topic, LOG_PARTITIONS, {"retention.ms": "-1"})])
    async with AsyncExitStack() as leaving:
        leaving.push_async_callback(_drop, system)
        async with await open_pool(provisioned.admin, name="bench", size=1) as pool:
            await add_token(pool, token, user_id="bench", staff=True)
        producer = await leaving.enter_async_context(log.producer(system.kafka))
        stories = [_story(system, number, rows) for number in range(imports)]
        for before, _ in stories:
            messages = [history.message(fact, datetime.now(UTC), LOG_PARTITIONS) for fact in before]
            await log.produce(producer, topic, messages)
        process = ServiceProcess(_spec(system, provisioned, topic), system.warden, system.folder)
        await process.start()
        leaving.push_async_callback(lambda: process.stop(within=_STOP_WITHIN))
        await _until_read(provisioned.admin, topic, sum(len(before) for before, _ in stories))
        followed = [Followed(before[0].subject, len(before), after) for before, after in stories]
        yield OwnProjector(system, process, topic, token, producer, followed)


def _story(system: Running, number: int, rows: int) -> tuple[list[Fact], list[Fact]]:
    course = system.project
    project = ProjectSnapshot(project_id=UUID(course["uuid"]), name=course["name"], slug="bench")
    return history.story(min(rows, MOST_ROWS), number, project)


def _spec(system: Running, provisioned: Provisioned, topic: str) -> ServiceSpec:
    port = free_port()
    values = {
        "KAFKA": system.kafka,
        "POSTGRES": provisioned.services["projector"],
        "INTERNAL_TOKEN": system.keys.internal_token,
        "RATE_LIMIT": "0",
        "HOST": HOST,
        "PORT": str(port),
        "LOG_TOPIC": topic,
        "GROUP": topic,
    }
    env = {f"COURSE_ACCOUNTS_PROJECTOR_{name}": value for name, value in values.items()}
    return ServiceSpec("projector", 3, port, env)


async def _until_read(admin: str, topic: str, records: int) -> None:
    connection = await asyncpg.connect(admin)
    try:
        async with asyncio.timeout(_WITHIN_S):
            while True:
                if int(await connection.fetchval(_READ, topic)) >= records:
                    return
                await asyncio.sleep(_TICK_S)
    except TimeoutError:
        raise BenchError(f"The projector did not read {records:,} records in time.") from None
    finally:
        await connection.close()


async def _drop(system: Running) -> None:
    admin = await asyncpg.connect(system.postgres)
    try:
        await admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    finally:
        await admin.close()
