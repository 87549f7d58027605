"""Putting the projector together."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, FastAPI
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
from services.projector.core.lag import LogEnds, Watching
from services.projector.core.model import ReadModel
from services.projector.core.rebuilding import Rebuilding
from services.projector.core.sets import Made
from services.projector.parking import parked_of
from services.projector.push.wiring import let_followers_go, serve_followers
from services.projector.registry import EDITIONS, version_of
from services.projector.replay.api import router as replay_router
from services.projector.replay.commands import Replays
from services.projector.replay.launcher import MODULE as REPLAY_MODULE
from services.projector.replay.launcher import Launcher
from services.projector.sets.feeding import Editions, LiveFeeds
from services.projector.sets.model import KnownSet
from services.projector.sets.opening import open_sets
from services.projector.sets.watching import watch_feeds
from services.projector.settings import DEFAULT_GROUP, ProjectorSettings
from services.projector.web.internal import router as internal_router
from services.projector.web.other_sets import other_sets_for_staff
from services.projector.web.read_models import router as read_models_router
from services.projector.web.switch import Switch

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
    editions: Editions = EDITIONS,
    replay_module: str = REPLAY_MODULE,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Projector]:
    """Start a projector; it stops, after the batch in hand, when the context ends.

    Args:
        settings: where everything is.
        editions: the logic there is; the first is the usual one.
        replay_module: what a process that works on a replay runs; it must know the same editions.
        clock: now, in UTC.

    Raises:
        CannotStart: the tables, or sets that are fed, are of a logic we do not have.
    """
    async with AsyncExitStack() as stack:
        dsn = settings.postgres.get_secret_value()
        pool = await open_pool(
            dsn, name="projector-fold", size=settings.fold_connections, schema=settings.tables
        )
        stack.push_async_callback(pool.close)
        _, made = await open_sets(
            pool, dsn, editions,
            first_slot=settings.tables, rebuild_outdated=settings.rebuild_outdated, clock=clock,
        )  # fmt: skip
        tasks = BackgroundTasks()
        stack.push_async_callback(tasks.cancel)
        board = Board()
        handler = ReadModels(
            pool, LiveFeeds(editions), projects_topic=settings.projects_topic, board=board, clock=clock
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
        ready = {
            "positions": lambda: positions_known(consumer),
            "rebuilding": Rebuilding(consumer, rebuilding=made is Made.ANEW).check,
        }

        replays = Replays(pool, editions, clock=clock)
        parked = parked_of(pool, handler.redrive, now=clock)
        ends = LogEnds()

        @asynccontextmanager
        async def open_app(known: KnownSet) -> AsyncIterator[FastAPI]:
            size = settings.pool_size
            async with await open_pool(dsn, name="projector-api", size=size, schema=known.slot) as reading:
                application = app(
                    reading,
                    editions.get(known.edition, editions[next(iter(editions))]),
                    settings=settings,
                    board=board,
                    clock=clock,
                    alive={"tasks": tasks.check},
                    ready=ready,
                    more=[replay_router(replays), parked.router],
                    ends=ends,
                )
                yield application
                await let_followers_go(application)

        switch = Switch(pool, open_app, leave=let_followers_go, protection=settings.protection())
        await switch.look()
        stack.push_async_callback(switch.close)
        tasks.before_stop(switch.let_go)
        parked.spawn(tasks)
        tasks.spawn("sets", switch.run())
        tasks.spawn("replays", Launcher(pool, settings, clock=clock, module=replay_module).run())
        tasks.spawn("feeds", watch_feeds(pool, handler, consumer))
        watching = Watching(
            pool, consumer, ends, slots=lambda: handler.slots, models=next(iter(editions.values())),
            log_topic=settings.log_topic, projects_topic=settings.projects_topic, clock=clock,
        )  # fmt: skip
        tasks.spawn("lag", watching.run())
        tasks.spawn("freshness", Freshness(pool, consumer, slots=lambda: handler.slots, clock=clock).run())
        yield Projector(switch, tasks, consumer)


async def positions_known(consumer: LogConsumer) -> None:
    """Health check: raises while the positions are not known. Being behind is no reason."""
    if not consumer.ready:
        raise Stuck("the positions are not known yet")


def routers_of(models: Sequence[ReadModel]) -> list[APIRouter]:
    """The routes of every read model that has some, and of the list of them."""
    own = [model.router() for model in models if model.router is not None]
    return [*own, read_models_router(models)]


def app(
    pool: Pool,
    models: Sequence[ReadModel],
    *,
    settings: ProjectorSettings,
    board: Board,
    clock: Callable[[], datetime],
    alive: Mapping[str, Check],
    ready: Mapping[str, Check],
    more: Sequence[APIRouter] = (),
    ends: LogEnds | None = None,
) -> FastAPI:
    """The HTTP side over one set: the routes of every read model that has some, and `more`."""
    everything = APIRouter(dependencies=[Depends(other_sets_for_staff)])
    for router in (*routers_of(models), *more, internal_router()):
        everything.include_router(router)
    application = create_app(
        "Course accounts: projector",
        routers=[everything],
        authenticator=Authenticator(pool),
        internal_token=settings.internal_token.get_secret_value(),
        alive=dict(alive),
        ready={"postgres": lambda: ping(pool), **ready},
        protection=settings.protection(),
    )
    application.state.pool = pool
    application.state.board = board
    application.state.clock = clock
    application.state.log_topic = settings.log_topic
    application.state.projects_topic = settings.projects_topic
    application.state.log_ends = ends or LogEnds()
    application.state.model_version = version_of(models)
    serve_followers(application)
    return application
