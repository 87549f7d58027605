"""Two sets that begin as copies of each other, and a log in any order that Kafka could hand over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from schemas.projects import CourseProject
from services.common.database import Pool
from services.common.records import Record, TopicPartition
from services.projector.comparing.compare import Comparing
from services.projector.comparing.result import ComparedTable, Comparison
from services.projector.comparing.sides import same_moment
from services.projector.core.model import ReadModel
from services.projector.registry import READ_MODELS
from services.projector.replay.filling import Filling
from tests.integration.projector.support import NOW, PROJECTS, project_record, reader, take_over
from tests.unit.projector.stories import PROJECT

HERE, OTHER = "projector", "projector_2"
_FIXED = {"set_models", "row_classes"}
"""Made with the tables, not read from the log."""


@dataclass(frozen=True)
class TwoSets:
    """The sets HERE and OTHER of one database."""

    pool: Pool
    names: tuple[str, ...]

    @classmethod
    async def of(cls, pool: Pool) -> "TwoSets":
        """The sets that `pool` reaches; both have their tables."""
        rows = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", HERE)
        return cls(pool, tuple(row["tablename"] for row in rows if row["tablename"] not in _FIXED))

    async def copy(self) -> None:
        """Make OTHER what HERE is."""
        await self._empty(OTHER)
        await self.pool.execute(
            ";".join(f"INSERT INTO {OTHER}.{name} SELECT * FROM {HERE}.{name}" for name in self.names)  # noqa: S608
        )

    async def empty(self) -> None:
        """Forget all that HERE has read."""
        await self._empty(HERE)

    async def change(self, *statements: str) -> None:
        """Change OTHER by hand."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL search_path = {OTHER}")
            for statement in statements:
                await connection.execute(statement)

    async def compare(
        self,
        *,
        there: Sequence[ReadModel] = READ_MODELS,
        here: Sequence[ReadModel] = READ_MODELS,
        **more: Any,
    ) -> Comparison:
        """Compare the two as they are now."""
        async with same_moment(self.pool, (HERE, here), (OTHER, there)) as sides:
            return await Comparing(*sides, **more).run()

    async def _empty(self, schema: str) -> None:
        # Small tables: TRUNCATE would make new files for each.
        await self.pool.execute(";".join(f"DELETE FROM {schema}.{name}" for name in self.names))  # noqa: S608


async def feed_batches(pool: Pool, batches: Sequence[Sequence[Record]]) -> None:
    """Read a log in these batches, as one process."""
    handler = reader(pool)
    await take_over(handler)
    for batch in filter(None, batches):
        await handler.handle(batch)


async def fill(pool: Pool, log: Sequence[Record], *, most: int) -> None:
    """Read a log as a replay does: up to `most` records of each partition at once, then in batches."""
    filling = Filling(
        pool, HERE, READ_MODELS, projects_topic=PROJECTS, keep=None, clock=lambda: NOW, most=most
    )
    ends = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in log}
    await filling.fill(LogInMemory(log), ends, lambda _: None)  # type: ignore[arg-type]
    await feed_batches(pool, [[record for record in log if record.offset >= most]])


class LogInMemory:
    """The part of a replay's `LogReader` that filling needs."""

    def __init__(self, log: Sequence[Record]) -> None:
        self._left = list(log)

    async def read(self, limits: Mapping[TopicPartition, int], *, most: int) -> list[Record]:
        """The next records before the limits."""
        found = [r for r in self._left if r.offset < limits.get(TopicPartition(r.topic, r.partition), 0)][
            :most
        ]
        self._left = [record for record in self._left if record not in found]
        return found

    def done(self, limits: Mapping[TopicPartition, int]) -> bool:
        """Whether nothing is left before the limits."""
        return not any(r.offset < limits.get(TopicPartition(r.topic, r.partition), 0) for r in self._left)


def interleaved(log: Sequence[Record], random: Random) -> list[Record]:
    """The same log in another order between partitions; within each it stays."""
    queues: dict[tuple[str, int], list[Record]] = {}
    for record in log:
        queues.setdefault((record.topic, record.partition), []).append(record)
    mixed = []
    while queues:
        place = random.choice(sorted(queues))
        mixed.append(queues[place].pop(0))
        if not queues[place]:
            del queues[place]
    return mixed


def in_batches(log: Sequence[Record], random: Random, *, most: int = 8) -> list[Sequence[Record]]:
    """Cut a log anywhere."""
    batches = []
    start = 0
    while start < len(log):
        size = random.randint(1, most)
        batches.append(log[start : start + size])
        start += size
    return batches


def described(random: Random) -> list[Record]:
    """A course described several times, not always by a later revision."""
    revisions = [random.randint(1, 3) for _ in range(random.randint(0, 4))]
    return [
        project_record(
            CourseProject(
                project_id=PROJECT.project_id, revision=revision, name=f"Name {revision}", slug="slug"
            ),
            offset,
        )
        for offset, revision in enumerate(revisions)
    ]


def differing(found: Comparison) -> dict[str, ComparedTable]:
    """The tables that are not equal."""
    return {table.name: table for table in found.tables if not table.equal}
