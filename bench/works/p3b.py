"""P3b: accounts in arrays of 100, against the raw parts that it takes, one after the other."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from bench.floors import calls, log, tables
from bench.floors.steps import Steps
from bench.measure import Clocks, Measured, no_collections
from bench.pairs import Say, measure_pairs
from bench.stack import Running
from bench.stats import Figure
from bench.works.captured import Bodies, sent_bodies
from bench.works.own_provisioner import OwnProvisioner, own_provisioner
from bench.works.own_target import own_target
from deploy.provisioning.topics import provision_topics
from schemas.codec import event_type
from schemas.facts import AccountCreated
from schemas.topics import LOG_PARTITIONS, Topic
from services.common.records import Message

GOAL: Final = 0.6
SIZE: Final = 100
_AT_ONCE: Final = 8
_TOPIC: Final = "bench.accounts.floor"
_OUTCOME: Final = {"version": "integer", "state": "smallint", "attempt": "integer", "username": "text"}


async def measure(system: Running, *, accounts: int, pairs: int, say: Say) -> list[Figure]:
    """Measure, after one pass that warms everything up and leaves the bytes for the floor."""
    async with own_target(system) as target, own_provisioner(system, target) as own:
        say(f"{accounts:,} accounts to warm up")
        async with _prepared(own, accounts) as floor:

            async def work(number: int) -> Measured:
                return await own.provision(list(own.requests(accounts, 1 + number)))

            measured = await measure_pairs(pairs, floor=floor.measure, work=work, say=say)
    return [
        Figure(
            name="p3b",
            title=f"P3b: {accounts:,} accounts in arrays of {SIZE}, from the log to the log",
            unit="account",
            floor="sum of the raw steps",
            goal=GOAL,
            pairs=measured,
            sizes={"accounts": accounts},
        )
    ]


@dataclass(frozen=True, slots=True)
class _Floor:
    """The raw steps, with everything they need open and prepared."""

    own: OwnProvisioner
    requests: list[Message]
    outcomes: list[Message]
    rows: tables.Shape
    bodies: Bodies
    session: aiohttp.ClientSession
    producer: Any

    async def measure(self, number: int) -> Measured:
        """Every raw step once, one after the other."""
        own = self.own
        count = len(self.requests)
        start = await log.ends(own.system.kafka, _TOPIC)
        await log.produce(self.producer, _TOPIC, self.requests)
        arrays = calls.arrays_of(self.bodies.fresh(count, f"floor{number}."), SIZE)
        await tables.empty(own.connection, self.rows)
        servers = {name: own.system.processes[name] for name in ("kafka", "postgres")}
        steps = Steps(Clocks({"account_service": [own.target.pid], **servers}), count)
        with no_collections():
            async with log.consumer(own.system.kafka, start) as made, steps.step("consume"):
                await log.consume(made, count)
            async with steps.step("insert"):
                await tables.insert(own.connection, self.rows)
            async with steps.step("calls"):
                await calls.post_arrays(self.session, own.target.access.url, arrays, _AT_ONCE)
            async with steps.step("update"):
                await tables.update(own.connection, self.rows, "account_id", _OUTCOME)
            async with steps.step("produce"):
                await log.produce(self.producer, _TOPIC, self.outcomes)
        return steps.total()


@asynccontextmanager
async def _prepared(own: OwnProvisioner, accounts: int) -> AsyncIterator[_Floor]:
    requests = list(own.requests(accounts, 1))
    since = await log.ends(own.system.kafka, own.topic)
    await own.provision(requests, keep=True)
    records = await log.read_between(own.system.kafka, since, await log.ends(own.system.kafka, own.topic))
    await provision_topics(own.system.kafka, [Topic(_TOPIC, LOG_PARTITIONS, {"retention.ms": "-1"})])
    access = own.target.access
    async with AsyncExitStack() as stack:
        yield _Floor(
            own,
            requests,
            [record for record in records if event_type(record.headers) == AccountCreated.TYPE],
            await tables.like(
                own.connection,
                "provisioner.accounts",
                await own.connection.fetch("SELECT * FROM provisioner.accounts"),
            ),
            await sent_bodies(own.connection),
            await stack.enter_async_context(
                calls.session(access.token_url, access.client_id, access.client_secret)
            ),
            own.producer,
        )
