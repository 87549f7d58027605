"""The handler of the requests topic: each record becomes an import or a refusal, in the transaction that moves on."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from schemas.codec import Unreadable
from schemas.projects import CourseProject, refusal
from schemas.requests import Request, decode_request
from services.common.database import Connection, Pool, transaction
from services.common.failures import named, trail
from services.common.parked import Unread, park
from services.common.positions import move_positions, read_positions
from services.common.records import PositionLost, Record, TopicPartition
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.requests import (
    SOURCE_NOT_ALLOWED,
    AllowedSources,
    Asked,
    judged,
    may_ask,
)
from services.importer.metrics import REQUESTS
from services.importer.projects.store import Projects
from services.importer.requests.letters import write_letters
from services.importer.requests.store import add, copy_of, is_known

logger = structlog.get_logger(__name__)

MAX_RECORDS: Final = 8
"""In one transaction: each may hold thousands of rows."""
_PROJECT_WITHIN_S: Final = 3.0
_LOOK_EVERY_S: Final = 0.2


NOT_JUDGED: Final = Unreadable(
    "NOT_JUDGED", "The request could not be judged because of a mistake on our side; tell the operators."
)


class Repeated(Exception):
    """The very import that is asked for is there."""


class Ready(NamedTuple):
    """A request that may be stored, and its rows as COPY takes them."""

    record: Record
    asked: Asked
    copy: bytes


class RequestsHandler:
    """A `RecordHandler`. The same record twice, late or after a crash is the same import, and answered once."""

    def __init__(
        self,
        pool: Pool,
        projects: Projects,
        *,
        allowed: AllowedSources,
        policy: AddressPolicy,
        max_rows: int,
        clock: Callable[[], datetime],
        local_now: Callable[[], datetime],
        projects_known: Callable[[], Awaitable[None]],
        stored: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            pool: of the importer's schema.
            projects: what is known of projects.
            allowed: which sources may ask for what.
            policy: what the site wants of addresses.
            max_rows: of one import.
            clock: the time.
            local_now: the time, in the zone of the site.
            projects_known: returns once the projects of the topic have been read.
            stored: told after imports or refusals were stored.
        """
        self._pool = pool
        self._projects = projects
        self._allowed = allowed
        self._policy = policy
        self._max_rows = max_rows
        self._clock = clock
        self._local_now = local_now
        self._projects_known = projects_known
        self._stored = stored
        self._next: dict[TopicPartition, int] = {}

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The stored positions."""
        self._next = await read_positions(self._pool, partitions)
        return self._next

    async def handle(self, records: Sequence[Record]) -> None:
        """Store imports, refusals and positions together.

        Raises:
            PositionLost: another copy read them.
        """
        await self._projects_known()
        ready: list[Ready] = []
        refused: list[Unread] = []
        reached: dict[TopicPartition, int] = {}
        for record in records:
            reached[TopicPartition(record.topic, record.partition)] = record.offset + 1
            try:
                ready.append(await self.prepare(record))
            except Repeated:
                continue
            except Unreadable as reason:
                refused.append(Unread(record, reason))
        moves = {place: (self._next.get(place, 0), following) for place, following in reached.items()}
        try:
            async with transaction(self._pool) as connection:
                await move_positions(connection, moves, as_of=self._clock(), records=records)
                new = await self._store(connection, ready, refused)
        except PositionLost:
            self._next = {}
            raise
        self._next.update(reached)
        self._stored()
        for outcome, count in (
            ("accepted", new),
            ("repeated", len(records) - new - len(refused)),
            ("refused", len(refused)),
        ):
            REQUESTS.labels(outcome).inc(count)
        logger.info("requests_read", imports=new, refused=[reason.code for _, reason in refused])

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to prepare."""

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to let go of."""

    async def add(self, connection: Connection, ready: Ready) -> bool:
        """Store an import; False if it is there already.

        Raises:
            Unreadable: its id is taken by another.
        """
        return await add(connection, *ready, now=self._clock())

    async def _store(self, connection: Connection, ready: Sequence[Ready], refused: list[Unread]) -> int:
        now, new = self._clock(), 0
        for one in ready:
            try:
                async with connection.transaction():
                    new += await self.add(connection, one)
            except Unreadable as reason:
                refused.append(Unread(one.record, reason))
        await park(connection, refused, now=now)
        await write_letters(connection, refused)
        return new

    async def prepare(self, record: Record, *, project_within_s: float = _PROJECT_WITHIN_S) -> Ready:
        """Decode and judge, off the event loop; a project nobody knows yet is waited for so long.

        Raises:
            Repeated: the import is there.
            Unreadable: the request cannot be taken.
        """
        request = await asyncio.to_thread(decode_request, record.headers, record.value)
        wish = request.wish
        if not may_ask(self._allowed, request.source, wish.project):
            raise SOURCE_NOT_ALLOWED
        if len(wish.accounts) > self._max_rows:
            raise Unreadable(
                "TOO_MANY_ROWS", f"The request has {len(wish.accounts)} rows; {self._max_rows} are allowed."
            )
        if await is_known(self._pool, request):
            raise Repeated  # also where the project would be refused by now
        project = await self._project(request, project_within_s)
        try:
            asked = await asyncio.to_thread(judged, request, project.snapshot(), self._policy)
            return Ready(record, asked, await asyncio.to_thread(copy_of, asked))
        except Exception as error:  # noqa: BLE001 - ours, but one request must not keep others from being read
            logger.error("request_not_judged", error=named(error), trail=trail(error))  # noqa: TRY400 - no cells
            raise NOT_JUDGED from None

    async def _project(self, request: Request, left: float) -> CourseProject:
        """The project, waited for shortly: it may have been published just before the request."""
        project = await self._projects.find(request.wish.project)
        while project is None and left > 0:
            await asyncio.sleep(_LOOK_EVERY_S)
            left -= _LOOK_EVERY_S
            project = await self._projects.find(request.wish.project)
        why = refusal(project, self._local_now())
        if why is not None or project is None:
            raise Unreadable(*(why or ("PROJECT_UNKNOWN", "There is no such project.")))
        return project
