"""Everything that lets many follow imports, put into the application of one set."""

from functools import partial

from fastapi import FastAPI

from services.projector.import_progress.lane import StatusLane
from services.projector.import_progress.query import tags
from services.projector.import_progress.statuses import Statuses
from services.projector.push.hub import Hub
from services.projector.push.source import Tables
from services.projector.push.watch import Watch


def serve_followers(application: FastAPI) -> None:
    """Give an application that is otherwise complete its statuses, watcher, hub, and the short way of polls."""
    state = application.state
    state.statuses = Statuses(
        state.pool, log_topic=state.log_topic, model_version=state.model_version, clock=state.clock
    )
    state.watch = Watch(partial(tags, state.pool), state.board)
    state.hub = Hub(Tables(state.pool, state.statuses, state.watch))
    # In front of the whole stack of middleware: that alone costs more than the answer to an ordinary poll.
    application.middleware_stack = StatusLane(
        application.build_middleware_stack(), state.statuses, state.authenticator
    )


async def let_followers_go(application: FastAPI) -> None:
    """Answer those who wait and end all streams, each with a reset: before a stop, and when another set answers."""
    watch: Watch = application.state.watch
    hub: Hub = application.state.hub
    watch.wake()
    await hub.close()
