"""Records as the broker would hand them over, and the tables as anybody may compare them."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import httpx2
from fastapi import APIRouter, FastAPI

from schemas import codec
from schemas.facts import Fact
from schemas.projects import CourseProject
from services.common.access.tokens import add_token
from services.common.database import Pool
from services.common.http.health import Check
from services.common.records import Record, TopicPartition
from services.projector.bootstrap import app
from services.projector.core.board import Board
from services.projector.core.handler import ReadModels
from services.projector.registry import READ_MODELS
from services.projector.sets.feeding import OneFeed
from services.projector.settings import ProjectorSettings
from tests.unit.projector.memory import partition_of
from tests.unit.projector.stories import START

LOG, PROJECTS = "log", "projects"
NOW = START + timedelta(hours=1)
INTERNAL = "a-shared-secret-of-tests"
STAFF, GUEST = "a-staff-members-token", "a-guests-token"

COMPARED = {
    "accounts": "account_id",
    "import_rows": "import_id, row, revision",
    "imports": "import_id",
    "import_progress": "import_id, partition",
    "targets": "target",
    "projects": "project_id",
    "account_counts": "import_id, partition",
    "account_addresses": "account_id",
    "account_story": "account_id, version, claims",
    "waiting": "account_id",
    "positions": "topic, partition",
}

EVERY_TABLE = ", ".join(COMPARED)
"""As TRUNCATE wants them."""


def records(facts: Iterable[tuple[datetime, Fact]], *, first: dict[int, int] | None = None) -> list[Record]:
    """Records with the offsets they would get; `first` holds the next offset per partition, and moves."""
    following = {} if first is None else first
    found = []
    for time, fact in facts:
        encoded = codec.encode(fact, source="test", time=time)
        partition = partition_of(fact)
        offset = following.get(partition, 0)
        following[partition] = offset + 1
        found.append(
            Record(
                LOG,
                partition,
                offset,
                int(time.timestamp() * 1000),
                encoded.key,
                tuple(encoded.headers),
                encoded.value,
            )
        )
    return found


def project_record(project: CourseProject, offset: int) -> Record:
    """A record of the projects topic."""
    encoded = codec.encode_project(project, source="test", time=START)
    time = int(START.timestamp() * 1000)
    return Record(PROJECTS, 0, offset, time, encoded.key, tuple(encoded.headers), encoded.value)


def reader(pool: Pool, board: Board | None = None, *, slot: str = "projector") -> ReadModels:
    """A projector's handler, as one process has it."""
    return ReadModels(
        pool,
        OneFeed(slot, READ_MODELS),
        projects_topic=PROJECTS,
        board=board or Board(),
        clock=lambda: NOW,
    )


async def take_over(handler: ReadModels, partitions: int = 3) -> None:
    """What the consumer does when it is given the partitions."""
    mine = [*(TopicPartition(LOG, p) for p in range(partitions)), TopicPartition(PROJECTS, 0)]
    await handler.positions(mine)
    await handler.assigned(mine)


async def feed(pool: Pool, log: Sequence[Record], *, size: int = 10_000, slot: str = "projector") -> None:
    """Read `log` in batches of `size`, as one process."""
    handler = reader(pool, slot=slot)
    await take_over(handler)
    for start in range(0, len(log), size):
        await handler.handle(log[start : start + size])


async def tables(pool: Pool, *, positions: bool = False) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, in a fixed order."""
    names = [name for name in COMPARED if positions or name != "positions"]
    return {
        name: [dict(row) for row in await pool.fetch(f"SELECT * FROM {name} ORDER BY {COMPARED[name]}")]  # noqa: S608
        for name in names
    }


async def application(
    pool: Pool,
    admin: Pool,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    board: Board | None = None,
    ready: Mapping[str, Check] = MappingProxyType({}),
    more: Sequence[APIRouter] = (),
) -> FastAPI:
    """The HTTP side over `pool`; it knows a staff member and a guest."""
    await add_token(admin, STAFF, user_id="staff", staff=True)
    await add_token(admin, GUEST, user_id="guest", staff=False)
    settings = ProjectorSettings(
        kafka="none:1", postgres="unused", internal_token=INTERNAL, log_topic=LOG, projects_topic=PROJECTS
    )
    return app(
        pool,
        READ_MODELS,
        settings=settings,
        board=board or Board(),
        clock=clock,
        alive={},
        ready=ready,
        more=more,
    )


@asynccontextmanager
async def client(
    pool: Pool, admin: Pool, *, clock: Callable[[], datetime] = lambda: NOW, board: Board | None = None
) -> AsyncIterator[httpx2.AsyncClient]:
    """A staff member's client of the HTTP side over `pool`."""
    async with client_of(await application(pool, admin, clock=clock, board=board)) as found:
        yield found


def client_of(served: FastAPI) -> httpx2.AsyncClient:
    """A staff member's client of an application."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=served),
        base_url="http://front.example",
        headers={"Authorization": f"Token {STAFF}"},
    )
