"""Everything that lets many follow imports, put into the application of one set."""

from functools import partial

from fastapi import FastAPI
from starlette.types import ASGIApp

from services.projector.import_progress.lane import StatusLane
from services.projector.import_progress.query import tags
from services.projector.import_progress.statuses import Statuses
from services.projector.push.guard import Guard
from services.projector.push.hub import Hub
from services.projector.push.source import Tables
from services.projector.push.watch import Watch
from services.projector.web.again import Again


def serve_followers(application: FastAPI) -> None:
    """Give an application that is otherwise complete its statuses, its watcher, its hub and its guard."""
    state = application.state
    state.statuses = Statuses(
        state.pool, log_topic=state.log_topic, model_version=state.model_version, clock=state.clock
    )
    state.watch = Watch(partial(tags, state.pool), state.board)
    state.hub = Hub(Tables(state.pool, state.statuses, state.watch))
    state.again = Again()
    state.guard = Guard(state.hub.leave, state.again.ask)


def short_way(application: FastAPI) -> ASGIApp:
    """What to serve: the application, with the short way of ordinary polls in front of all of it."""
    return StatusLane(application, application.state.statuses, application.state.authenticator)


async def let_followers_go(application: FastAPI) -> None:
    """Answer those who wait and end all streams, each with a reset: before a stop, and when another set answers."""
    watch: Watch = application.state.watch
    hub: Hub = application.state.hub
    watch.wake()
    await hub.close()
