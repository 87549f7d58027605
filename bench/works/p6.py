"""P6 S: a file of rows to accounts, one call each, from the upload to the last account seen as created."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp
import asyncpg

from bench.floors import calls, log, tables
from bench.floors.steps import Steps
from bench.measure import Clocks, Measured, between, no_collections
from bench.pairs import Say, measure_pairs
from bench.rows import sample
from bench.stack import Running
from bench.stats import Figure
from bench.works.captured import Captured, capture
from bench.works.imports import import_all
from deploy.provisioning.topics import provision_topics
from schemas.topics import LOG, LOG_PARTITIONS, Topic

GOAL: Final = 0.3
_CLIENT_ID: Final = "course-accounts"
_SCRATCH: Final = "bench.floor"
_READ: Final = 1.5
"""Times the log must be read: all of it by the projector, the half that asks by the provisioner."""
_SERVERS: Final = frozenset({"kafka", "postgres", "account_service"})


async def measure(system: Running, *, rows: int, pairs: int, say: Say) -> Figure:
    """Measure, after one import that warms everything up and leaves the bytes for the floors."""
    await _one_call_each(system)
    say(f"one import of {rows:,} rows to warm up")
    since = await log.ends(system.kafka, LOG)
    first = await import_all(system, sample(rows, 0))
    say(f"warm after {first.finished:.1f} s; reading what it left")
    left = await capture(system, first.import_id, since)
    async with _prepared(system, left) as floor:

        async def work(number: int) -> Measured:
            return await _work(system, rows, number)

        measured = await measure_pairs(pairs, floor=floor.measure, work=work, say=say)
    return Figure(
        name="p6",
        title=f"P6 S: upload to last account, {rows:,} rows",
        unit="account",
        floor="sum of the raw steps",
        goal=GOAL,
        pairs=measured,
        sizes={"rows": rows, "accounts": len(left.bodies)},
    )


async def _one_call_each(system: Running) -> None:
    """Let the account service offer no arrays; who has a token with that offer needs a new one."""
    control = system.account_service.removesuffix("/accounts") + "/control"
    headers = {"Authorization": f"Bearer {system.keys.control_token}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as http:
        async with http.put(f"{control}/faults", json={"arrays": False}):
            pass
        async with http.post(f"{control}/expire-tokens"):
            pass


async def _work(system: Running, rows: int, number: int) -> Measured:
    prepared = sample(rows, number)
    clocks = Clocks(system.processes)
    before, own = clocks.read(), time.process_time()
    done = await import_all(system, prepared)
    own = time.process_time() - own
    after = clocks.read()
    measured = between(before, after, prepared.accounts, seconds=done.finished)
    rest = (after.ours - before.ours) - own - sum(measured.cpu.values())
    return replace(
        measured,
        cpu={**measured.cpu, "client": own, "supervisor": max(0.0, rest)},
        steps={
            "upload and preview": done.previewed,
            "submission": done.submitted - done.previewed,
            "creation": done.finished - done.submitted,
        },
    )


@dataclass(frozen=True, slots=True)
class _Floor:
    """The raw steps, with everything they need open and prepared."""

    system: Running
    left: Captured
    staged: tables.Shape
    rows: tables.Shape
    accounts: tables.Shape
    connection: Any
    producer: Any
    session: aiohttp.ClientSession

    async def measure(self, number: int) -> Measured:
        """Every raw step once, one after the other."""
        for shape in (self.staged, self.rows, self.accounts):
            await tables.empty(self.connection, shape)
        bodies = self.left.fresh_bodies(f"floor{number}.")
        records = len(self.left.requested) + len(self.left.created)
        start = await log.ends(self.system.kafka, _SCRATCH)
        processes = self.system.processes
        steps = Steps(Clocks({name: processes[name] for name in sorted(_SERVERS)}), len(bodies))
        with no_collections():
            async with steps.step("COPY staged rows"):
                await tables.copy(self.connection, self.staged)
            async with steps.step("produce"):
                await log.produce(self.producer, _SCRATCH, self.left.requested)
                await log.produce(self.producer, _SCRATCH, self.left.created)
            async with log.consumer(self.system.kafka, start) as made, steps.step("consume", times=_READ):
                await log.consume(made, records)
            async with steps.step("upserts"):
                await tables.upsert(self.connection, self.rows)
                await tables.upsert(self.connection, self.accounts)
                await tables.upsert(self.connection, self.accounts)
            async with steps.step("calls"):
                await calls.post_all(self.session, self.system.account_service, bodies)
        return steps.total()


@asynccontextmanager
async def _prepared(system: Running, left: Captured) -> AsyncIterator[_Floor]:
    await provision_topics(system.kafka, [Topic(_SCRATCH, LOG_PARTITIONS)])
    async with AsyncExitStack() as stack:
        connection = await asyncpg.connect(system.postgres)
        stack.push_async_callback(connection.close)
        yield _Floor(
            system=system,
            left=left,
            staged=await tables.like(connection, "importer.draft_rows", left.staged),
            rows=await tables.like(connection, "projector.import_rows", left.rows),
            accounts=await tables.like(connection, "projector.accounts", left.accounts),
            connection=connection,
            producer=await stack.enter_async_context(log.producer(system.kafka)),
            session=await stack.enter_async_context(
                calls.session(system.token_url, _CLIENT_ID, system.keys.account_service_secret)
            ),
        )
