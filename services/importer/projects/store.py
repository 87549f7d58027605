"""Projects in Postgres, and the handler that folds the topic into them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from schemas.projects import CourseProject
from services.common.access.project_roles import put_project_roles
from services.common.database import Pool, transaction
from services.common.parked import park
from services.common.positions import move_positions, read_positions
from services.common.project_records import read_project_records
from services.common.records import PositionLost, Record, TopicPartition
from services.common.sql import load_queries
from services.common.unknown_types import keep_unknown, read_again
from services.importer.metrics import UNKNOWN, UNKNOWN_TYPES

logger = structlog.get_logger(__name__)

_SQL = load_queries("services.importer.projects")
_DECODER = msgspec.json.Decoder(CourseProject)


class Projects:
    """Answers what a project is now."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, project_id: UUID) -> CourseProject | None:
        """The project as its owner last described it."""
        text = await self._pool.fetchval(_SQL["find_project"], project_id)
        return None if text is None else _DECODER.decode(text)


class ProjectsHandler:
    """A `RecordHandler`: the last record of a project wins; an unreadable one is parked, and reading goes on."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock
        self._next: dict[TopicPartition, int] = {}

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The stored positions."""
        await read_again(self._pool, partitions, known=(CourseProject.TYPE,))
        self._next = await read_positions(self._pool, partitions)
        return self._next

    async def handle(self, records: Sequence[Record]) -> None:
        """Fold records and move the positions, in one transaction.

        Raises:
            PositionLost: another copy read them.
        """
        now = self._clock()
        read = read_project_records(records)
        found = {p.project_id: msgspec.json.encode(p).decode() for p in read.projects}
        try:
            async with transaction(self._pool) as connection:
                await move_positions(connection, read.moves(self._next), as_of=now, records=records)
                await connection.execute(_SQL["put_projects"], list(found), list(found.values()))
                await put_project_roles(connection, read.projects)
                await park(connection, read.unread, now=now)
                await keep_unknown(connection, read.unknown, now=now)
        except PositionLost:
            self._next = {}
            raise
        self._next.update(read.reached)
        for name, count in UNKNOWN_TYPES.count(read.unknown).items():
            UNKNOWN.labels(name).inc(count)
        logger.info("projects_read", projects=len(found), parked=len(read.unread))

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to prepare."""

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to let go of."""
