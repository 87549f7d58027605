"""P9, the other half: a backlog of decided facts drained by the relay, against the same records as raw batches.

The relay is the real one, alone in this process, over an outbox of its own: what the provisioner does beside it,
reading its own facts again above all, is not in this figure.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

from bench.floors import log
from bench.floors.steps import Steps
from bench.measure import Clocks, Measured, between, no_collections
from bench.pairs import Say, measure_pairs
from bench.stats import Figure
from bench.works.own_provisioner import OwnProvisioner
from deploy.provisioning.topics import provision_topics
from schemas.codec import Encoded, event_type
from schemas.facts import AccountCreated
from schemas.topics import LOG_PARTITIONS, Topic
from services.common.database import Pool, open_pool
from services.common.producer import LogProducer
from services.common.records import Message
from services.provisioner.relay import Relay
from services.provisioner.store import outbox

GOAL: Final = 0.4
SCHEMA: Final = "bench_outbox"
_TABLE: Final = f"""
CREATE SCHEMA {SCHEMA}; CREATE TABLE {SCHEMA}.outbox (LIKE provisioner.outbox INCLUDING ALL)
"""
_TOPIC: Final = "bench.accounts.drained"
_FACTS_OF_A_BATCH: Final = 40
"""As a commit of 500 outcomes leaves in each of twelve partitions."""
_ALL: Final = frozenset(range(LOG_PARTITIONS))
_TICK_S: Final = 0.01


async def measure(own: OwnProvisioner, start: log.Offsets, *, facts: int, pairs: int, say: Say) -> Figure:
    """Measure with the outcomes that lie on the provisioner's log from `start` on, as often as is needed."""
    found = await log.read_between(own.system.kafka, start, await log.ends(own.system.kafka, own.topic))
    outcomes = [record for record in found if event_type(record.headers) == AccountCreated.TYPE]
    messages = [outcomes[place % len(outcomes)] for place in range(facts)]
    await provision_topics(own.system.kafka, [Topic(_TOPIC, LOG_PARTITIONS, {"retention.ms": "-1"})])
    await own.connection.execute(_TABLE)
    servers = {name: own.system.processes[name] for name in ("kafka", "postgres")}

    async def floor(_: int) -> Measured:
        steps = Steps(Clocks({"kafka": servers["kafka"]}), facts)
        async with log.producer(own.system.kafka) as made:
            with no_collections():
                async with steps.step("produce"):
                    await log.produce(made, _TOPIC, messages)
        return steps.total()

    async def work(_: int) -> Measured:
        return await _drained(own, messages, Clocks(servers))

    return Figure(
        name="p9b",
        title=f"P9: a backlog of {facts:,} facts out of the outbox",
        unit="fact",
        floor="raw batches",
        goal=GOAL,
        pairs=await measure_pairs(pairs, floor=floor, work=work, say=say),
        sizes={"facts": facts, "of_a_batch": _FACTS_OF_A_BATCH},
    )


async def _drained(own: OwnProvisioner, messages: Sequence[Message], clocks: Clocks) -> Measured:
    async with _relay(own) as (pool, relay):
        await _fill(pool, messages)
        before, own_cpu = clocks.read(), time.process_time()
        running = asyncio.create_task(relay.run(), name="relay")
        relay.wake()
        while not running.done() and await pool.fetchval("SELECT EXISTS (SELECT FROM outbox)"):  # noqa: ASYNC110
            await asyncio.sleep(_TICK_S)
        done = between(before, clocks.read(), len(messages))
        own_cpu = time.process_time() - own_cpu
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            running.result()
    return replace(done, cpu={**done.cpu, "relay": own_cpu})


async def _fill(pool: Pool, messages: Sequence[Message]) -> None:
    """Batches of the partitions in turn, as commits leave them."""
    lanes: defaultdict[int, list[Encoded]] = defaultdict(list)
    async with pool.acquire() as connection:
        for key, value, headers, partition in messages:
            lane = lanes[partition or 0]
            lane.append(Encoded(key, value, list(headers)))
            if len(lane) == _FACTS_OF_A_BATCH:
                await outbox.add(connection, [(partition or 0, fact) for fact in lane])
                lane.clear()
        await outbox.add(connection, [(place, fact) for place, lane in lanes.items() for fact in lane])


@asynccontextmanager
async def _relay(own: OwnProvisioner) -> AsyncIterator[tuple[Pool, Relay]]:
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            await open_pool(own.admin, name="bench", size=3, schema=SCHEMA)
        )
        producer = await stack.enter_async_context(LogProducer(bootstrap=own.system.kafka, client_id="bench"))
        yield pool, Relay(pool=pool, producer=producer, topic=_TOPIC, live=lambda: _ALL)
