"""P2: staged rows to confirmed records on the log, against the same records sent raw, in both ways there are."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from bench.floors import log
from bench.floors.steps import Steps
from bench.measure import Clocks, Measured, between, no_collections
from bench.pairs import Say, measure_pairs
from bench.rows import sample
from bench.stats import Figure, Pair
from bench.works.own_importer import TOPIC, OwnImporter
from deploy.provisioning.topics import provision_topics
from schemas.topics import LOG_PARTITIONS, Topic
from services.common.records import Message

GOAL: Final = 1.5
GOAL_OF_BATCHES: Final = 0.6
_SCRATCH: Final = "bench.requests.floor"

Send = Callable[[Any, str, Sequence[Message]], Awaitable[None]]


async def measure(importer: OwnImporter, *, rows: int, pairs: int, say: Say) -> list[Figure]:
    """Measure, after one import that warms everything up and leaves the records for the floors."""
    system = importer.system
    body = sample(rows, 2).csv()
    await provision_topics(system.kafka, [Topic(_SCRATCH, LOG_PARTITIONS)])
    clocks = Clocks({"kafka": system.processes["kafka"]})
    say(f"one import of {rows:,} rows to warm up")
    since = await log.ends(system.kafka, TOPIC)
    first = await _work(importer, body, rows)
    records = await log.read_between(system.kafka, since, await log.ends(system.kafka, TOPIC))
    batches: list[Measured] = []

    async def raw(made: Any, send: Send, step: str) -> Measured:
        steps = Steps(clocks, first.units)
        with no_collections():
            async with steps.step(step):
                await send(made, _SCRATCH, records)
        return steps.total()

    async def floor(_: int) -> Measured:
        async with log.producer(system.kafka) as made:
            batches.append(await raw(made, log.produce, "send_batch()"))
            return await raw(made, log.send_each, "send()")

    async def work(_: int) -> Measured:
        return await _work(importer, body, rows)

    measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    against_batches = [
        replace(pair, before=before, after=after)
        for pair, before, after in zip(measured, batches, batches[1:], strict=False)
    ]
    return [
        _figure("p2", "raw send()", GOAL, measured, rows, len(records)),
        _figure("p2b", "raw batches", GOAL_OF_BATCHES, against_batches, rows, len(records)),
    ]


def _figure(name: str, floor: str, goal: float, pairs: list[Pair], rows: int, records: int) -> Figure:
    return Figure(
        name=name,
        title=f"P2: submission to the last confirmed record, {rows:,} rows",
        unit="request",
        floor=floor,
        goal=goal,
        pairs=pairs,
        sizes={"rows": rows, "records": records},
    )


async def _work(importer: OwnImporter, body: bytes, rows: int) -> Measured:
    draft = (await importer.stage(body, rows)).draft
    servers = {name: importer.system.processes[name] for name in ("kafka", "postgres")}
    clocks = Clocks({"importer": importer.pids, **servers})
    before = clocks.read()
    took = await importer.publish(draft)
    measured = between(before, clocks.read(), draft["to_create"], seconds=took)
    await importer.forget()
    return measured
