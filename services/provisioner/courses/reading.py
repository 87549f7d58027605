"""Projects from their topic: the newest description of each, stored with the position."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from uuid import UUID

import structlog

from schemas.projects import CourseProject
from services.common.database import Pool, transaction
from services.common.parked import park
from services.common.positions import move_positions, read_positions
from services.common.project_records import read_project_records
from services.common.records import PositionLost, Record, TopicPartition
from services.common.unknown_types import keep_unknown, read_again
from services.provisioner import metrics
from services.provisioner.courses import store

logger = structlog.get_logger(__name__)

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class ProjectsHandler:
    """A `RecordHandler`: an older revision changes nothing, and what nobody can read is parked."""

    def __init__(self, pool: Pool, *, zone: tzinfo, now: Callable[[], datetime]) -> None:
        """Prepare; `zone` is the site's."""
        self._pool = pool
        self._zone = zone
        self._now = now
        self.stored: dict[TopicPartition, int] = {}
        """The stored positions, of partitions that have one."""
        self.read_to = NEVER
        """Up to when everything was read, as this process noted last. Reading on does not change that."""

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The stored positions."""
        await read_again(self._pool, partitions, known=(CourseProject.TYPE,))
        self.stored = await read_positions(self._pool, partitions)
        self.read_to = NEVER
        return self.stored

    async def handle(self, records: Sequence[Record]) -> None:
        """Fold records and move the positions, in one transaction.

        Raises:
            PositionLost: another copy read them.
        """
        now = self._now()
        found: dict[UUID, CourseProject] = {}
        read = read_project_records(records)
        for project in read.projects:
            known = found.get(project.project_id)
            if known is None or known.revision < project.revision:
                found[project.project_id] = project
        try:
            async with transaction(self._pool) as connection:
                # Not `now`: that a batch was read does not say that there is nothing behind it.
                await move_positions(connection, read.moves(self.stored), as_of=self.read_to, records=records)
                news = await store.put(connection, list(found.values()), zone=self._zone, now=now)
                await park(connection, read.unread, now=now)
                await keep_unknown(connection, read.unknown, now=now)
        except PositionLost:
            self.stored = {}
            raise
        self.stored.update(read.reached)
        for name, count in metrics.UNKNOWN_TYPES.count(read.unknown).items():
            metrics.UNKNOWN.labels(name).inc(count)
        logger.info("projects_read", projects=len(found), news=len(news), parked=len(read.unread))

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to prepare."""

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to let go of."""
