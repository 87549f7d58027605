"""The demo: the stack, and while it is up a guided tour in a second thread."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

from cli.client.api import Api
from cli.client.errors import ClientError
from cli.errors import Failure, Shown, shown_of
from cli.exits import Exit
from cli.running import READY_FILE, Ready, ReadyProject, read_ready
from cli.tour import tour
from cli.world import Clock, World
from deploy.embedded.instance import running
from deploy.embedded.options import UpOptions
from deploy.embedded.ready_file import Document
from deploy.embedded.up import run

Guide = Callable[[World, Api, Ready], Exit]


class _Leaving(Exception):
    """The stack ends: the tour has no more ground to walk on."""


class StoppableClock:
    """Time of a thread that must end when `stopped` is set."""

    def __init__(self, clock: Clock, stopped: threading.Event) -> None:
        self._clock = clock
        self._stopped = stopped

    def now(self) -> float:
        """Seconds since some fixed moment, never going back."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds, or raise when the stack ends before."""
        if self._stopped.wait(seconds):
            raise _Leaving


def demonstrate(world: World, options: UpOptions, *, once: bool) -> int:
    """Start the stack, show the tour, stay until Ctrl-C (or end, with `once`); returns the exit code.

    On a data directory whose stack runs already, only the tour is shown.

    Raises:
        StackError: something is in the way of the stack.
    """
    if running(options.home()) is not None:
        ready = read_ready(options.home() / READY_FILE)
        if ready is not None:
            world.say(f"Already running at {ready.url}: importing the sample there.")
            return int(walk(world, ready))

    async def then(document: Document) -> int | None:
        stopped = threading.Event()
        there = replace(world, clock=StoppableClock(world.clock, stopped))
        try:
            ended = await asyncio.to_thread(walk, there, _ready(document))
        finally:
            stopped.set()
        if once:
            return int(ended)
        world.say("Everything stays up until Ctrl-C.")
        return None

    return run(options, then=then)


def walk(world: World, ready: Ready, guide: Guide = tour) -> Exit:
    """Show the tour. Rows that fail are part of it; anything else that goes wrong is said and returned."""
    try:
        with Api(ready.url, ready.token) as api:
            ended = guide(world, api, ready)
    except Failure as error:
        return _failed(world, error.shown)
    except ClientError as error:
        return _failed(world, shown_of(error))
    except _Leaving:
        return Exit.INTERRUPTED
    return Exit.ALL_DONE if ended is Exit.WITH_FAILURES else ended


def _ready(document: Document) -> Ready:
    projects = tuple(ReadyProject(project.uuid, project.name) for project in document.projects)
    return Ready(document.url, document.token, document.web_url, projects)


def _failed(world: World, shown: Shown) -> Exit:
    world.say(shown.text())
    return shown.exit
