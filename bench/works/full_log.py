"""A log that is full already, and databases of projectors that know nothing of it yet."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import asyncpg

from bench.floors import log
from bench.measure import Clocks, Measured, between, no_collections
from bench.stack import BenchError, Running
from bench.works import history
from deploy.provisioning.database import Provisioned, provision_database
from deploy.provisioning.topics import provision_topics
from schemas.facts import ProjectSnapshot
from schemas.topics import LOG_PARTITIONS, Topic

TOPIC: Final = "bench.history"
_CHECK: Final = """
SELECT count(*) FILTER (WHERE standing = 'ok') AS created, (SELECT count(*) FROM {0}.import_rows) AS rows
FROM {0}.accounts
"""


@dataclass(frozen=True, slots=True)
class FullLog:
    """So many records, and as many accounts as they create."""

    system: Running
    count: int
    accounts: int

    async def consume(self) -> Measured:
        """Read all of it raw, from the first batch on: connecting is not what is compared."""
        system = self.system
        starts = dict.fromkeys(await log.ends(system.kafka, TOPIC), 0)
        clocks = Clocks({"kafka": system.processes["kafka"]})
        with no_collections():
            async with log.consumer(system.kafka, starts) as made:
                left = self.count - await log.consume(made, 1)
                before, own = clocks.read(), time.process_time()
                await log.consume(made, left)
                own = time.process_time() - own
                done = between(before, clocks.read(), left)
        return replace(done, cpu={**done.cpu, "client": own})

    def settings(self, provisioned: Provisioned) -> Mapping[str, str]:
        """The environment of a projector that reads it into such a database."""
        values = {
            "KAFKA": self.system.kafka,
            "POSTGRES": provisioned.services["projector"],
            "INTERNAL_TOKEN": self.system.keys.internal_token,
            "RATE_LIMIT": "0",
            "LOG_TOPIC": TOPIC,
            "GROUP": provisioned.admin.rpartition("/")[2],
        }
        return {f"COURSE_ACCOUNTS_PROJECTOR_{name}": value for name, value in values.items()}

    async def check(self, connection: Any, schema: str) -> None:
        """See that the tables hold every account and every row.

        Raises:
            BenchError: they do not.
        """
        found = await connection.fetchrow(_CHECK.format(schema))
        if (found["created"], found["rows"]) != (self.accounts, self.accounts):
            raise BenchError(f"The projector's tables hold {dict(found)} and not {self.accounts} of each.")


async def fill(system: Running, events: int) -> FullLog:
    """Put about so many events on a topic; what is there already is used again."""
    await provision_topics(system.kafka, [Topic(TOPIC, LOG_PARTITIONS, {"retention.ms": "-1"})])
    if not (count := sum((await log.ends(system.kafka, TOPIC)).values())):
        course = system.project
        project = ProjectSnapshot(project_id=UUID(course["uuid"]), name=course["name"], slug="bench")
        made = history.messages(events, project, LOG_PARTITIONS)
        async with log.producer(system.kafka) as producer:
            await log.produce(producer, TOPIC, made)
        count = len(made)
    return FullLog(system, count, events // 2)


@asynccontextmanager
async def database(system: Running, name: str) -> AsyncIterator[Provisioned]:
    """A database with nothing in it; dropped at the end."""
    try:
        yield await provision_database(system.postgres, name, system.keys.passwords())
    finally:
        admin = await asyncpg.connect(system.postgres)
        try:
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        finally:
            await admin.close()
