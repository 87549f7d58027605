"""Writing projects: a record on their topic, one writer at a time, answered when it has been read again."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from schemas.codec import encode_project
from schemas.projects import CourseProject
from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool
from services.common.records import Confirmed, Message
from services.common.sql import load_queries
from services.importer.domain.projects import ProjectRefused
from services.importer.projects.store import Projects
from services.importer.publishing.pending import SOURCE
from services.importer.publishing.turns import Producer
from services.importer.submission.read_model import ReadModel

_SQL = load_queries("services.importer.projects", "writing.sql")
_READ_WITHIN_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.02
_SEEN_WITHIN_S: Final = 2.0

Change = Callable[[CourseProject | None], CourseProject | None]
"""What is to become of a project as it is known; None: nothing, it stays as it is."""


class Written(NamedTuple):
    """The project as it is now. `seen`: it is read that way, too; `changed`: by this very request."""

    project: CourseProject
    seen: bool
    changed: bool


class ProjectsWriting:
    """Writes projects. Any number of copies may be asked; each change builds on the one before."""

    def __init__(
        self,
        pool: Pool,
        projects: Projects,
        producer: Producer,
        read_model: ReadModel,
        *,
        topic: str,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._projects = projects
        self._producer = producer
        self._read_model = read_model
        self._topic = topic
        self._clock = clock
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        """So that those who wait do so without a connection."""

    async def write(self, project_id: UUID, change: Change) -> Written:
        """Publish what becomes of the project; its revision is the next one.

        Raises:
            ProjectRefused: another project has its slug; and whatever `change` raises. Nothing was published.
            ProducerFailed: the process must end.
        """
        async with self._turn, self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            await connection.execute(_SQL["one_writer"])
            known = await self._known(connection, project_id)
            wanted = change(known)
            if wanted is None:
                assert known is not None  # noqa: S101 - nothing cannot stay as it is
                return Written(known, seen=True, changed=False)
            await self._check_slug(connection, wanted, known)
            revision = await connection.fetchval(
                _SQL["give_revision"], project_id, 0 if known is None else known.revision
            )
            project = replace(wanted, revision=revision)
            place = await self._publish(project)
            read = await self._read(connection, place)
        seen = await self._read_model.passed(self._topic, place.partition, place.offset, _SEEN_WITHIN_S)
        return Written(project, seen=read and seen, changed=True)

    async def _known(self, connection: Connection, project_id: UUID) -> CourseProject | None:
        """The project as last written here: what was written and is not read yet is waited for, but not for ever."""
        given = await connection.fetchval(_SQL["given_revision"], project_id)
        deadline = self._monotonic() + _READ_WITHIN_S
        while True:
            known = await self._projects.find(project_id)
            read = 0 if known is None else known.revision
            if given is None or read >= given or self._monotonic() > deadline:
                return known
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _check_slug(
        self, connection: Connection, wanted: CourseProject, known: CourseProject | None
    ) -> None:
        same = known is not None and (known.slug, known.status) == (wanted.slug, "active")
        if wanted.status == "deleted" or same:
            return
        if await connection.fetchval(_SQL["slug_taken"], wanted.slug, wanted.project_id):
            raise ProjectRefused(
                409, "SLUG_TAKEN", "Another project has this short name: choose another one.", "slug"
            )

    async def _publish(self, project: CourseProject) -> Confirmed:
        encoded = encode_project(project, source=SOURCE, time=self._clock())
        message = Message(encoded.key, encoded.value, encoded.headers)
        [confirmed] = await self._producer.publish(self._topic, [message])
        return confirmed

    async def _read(self, connection: Connection, place: Confirmed) -> bool:
        """Whether our own reader has the record, soon: the next writer builds on it."""
        deadline = self._monotonic() + _READ_WITHIN_S
        while not await connection.fetchval(_SQL["is_read"], self._topic, *place):
            if self._monotonic() > deadline:
                return False
            await asyncio.sleep(_LOOK_EVERY_S)
        return True
