"""Putting the projector together."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.types import ASGIApp

from services.common.access import Authenticator
from services.common.consumer import LogConsumer
from services.common.database import Pool, open_pool, ping
from services.common.http import create_app
from services.common.http.health import Check
from services.common.process import BackgroundTasks, Stuck
from services.projector.core.board import Board
from services.projector.core.freshness import Freshness
from services.projector.core.handler import ReadModels
from services.projector.core.model import ReadModel
from services.projector.core.rebuilding import Rebuilding
from services.projector.core.sets import Made, ensure_set
from services.projector.registry import MODEL_VERSION, READ_MODELS
from services.projector.settings import DEFAULT_GROUP, ProjectorSettings
from services.projector.web.internal import router as internal_router

_NO_PROGRESS_S = 60.0
_NO_CONTACT_S = 120.0


@dataclass(frozen=True, slots=True)
class Projector:
    """A running projector."""

    asgi: ASGIApp
    tasks: BackgroundTasks
    consumer: LogConsumer

    async def check_progress(self) -> None:
        """Raise `Stuck` if there is something to read and nothing is read."""
        verdict = self.consumer.health().verdict(no_progress_s=_NO_PROGRESS_S, no_contact_s=_NO_CONTACT_S)
        if verdict is not None:
            raise Stuck(verdict)


@asynccontextmanager
async def bootstrap(
    settings: ProjectorSettings,
    *,
    models: Sequence[ReadModel] = READ_MODELS,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Projector]:
    """Start a projector; it stops, after the batch in hand, when the context ends."""
    async with AsyncExitStack() as stack:
        dsn = settings.postgres.get_secret_value()
        fold_pool = await open_pool(
            dsn, name="projector-fold", size=settings.fold_connections, schema=settings.tables
        )
        stack.push_async_callback(fold_pool.close)
        api_pool = await open_pool(dsn, name="projector-api", size=settings.pool_size, schema=settings.tables)
        stack.push_async_callback(api_pool.close)
        made = await ensure_set(
            fold_pool, models, schema=settings.tables, rebuild_outdated=settings.rebuild_outdated
        )
        tasks = BackgroundTasks()
        stack.push_async_callback(tasks.cancel)
        board = Board()
        handler = ReadModels(
            fold_pool, models, projects_topic=settings.projects_topic, board=board, clock=clock
        )
        consumer = LogConsumer(
            bootstrap=settings.kafka,
            topics=[settings.log_topic, settings.projects_topic],
            sparse_topics=[settings.projects_topic],
            group=settings.group or DEFAULT_GROUP,
            handler=handler,
            on_fatal=tasks.fail,
            max_records=settings.batch_records,
        )
        await consumer.start()
        stack.push_async_callback(consumer.stop)
        projector_app = app(
            api_pool,
            models,
            settings=settings,
            board=board,
            clock=clock,
            alive={"tasks": tasks.check},
            ready={
                "positions": lambda: positions_known(consumer),
                "rebuilding": Rebuilding(consumer, rebuilding=made is Made.ANEW).check,
            },
        )
        tasks.spawn("freshness", Freshness(fold_pool, consumer, clock=clock).run())
        yield Projector(projector_app, tasks, consumer)


async def positions_known(consumer: LogConsumer) -> None:
    """Health check: raises while the positions are not known. Being behind is no reason."""
    if not consumer.ready:
        raise Stuck("the positions are not known yet")


def app(
    pool: Pool,
    models: Sequence[ReadModel],
    *,
    settings: ProjectorSettings,
    board: Board,
    clock: Callable[[], datetime],
    alive: Mapping[str, Check],
    ready: Mapping[str, Check],
) -> FastAPI:
    """The HTTP side: the routes of every read model that has some."""
    routers = [model.router() for model in models if model.router is not None]
    application = create_app(
        "Course accounts: projector",
        routers=[*routers, internal_router()],
        authenticator=Authenticator(pool),
        internal_token=settings.internal_token.get_secret_value(),
        alive=dict(alive),
        ready={"postgres": lambda: ping(pool), **ready},
    )
    application.state.pool = pool
    application.state.board = board
    application.state.clock = clock
    application.state.log_topic = settings.log_topic
    application.state.model_version = MODEL_VERSION
    return application
