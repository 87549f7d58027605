"""The life of a service process: settings, start, readiness, orderly stop, and a watchdog that ends a stuck one."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, NoReturn, Protocol, TypeVar

import structlog
import uvicorn
from starlette.types import ASGIApp

from services.common.errors import CannotStart
from services.common.logging import configure_logging
from services.common.settings import ServiceSettings, SettingsError

logger = structlog.get_logger(__name__)

EXIT_USAGE = 2
EXIT_STOPPED_LOUDLY = 70

_LOOP_STUCK_S = 20.0
_WATCH_EVERY_S = 1.0
_KEEP_ALIVE_S = 75
"""Longer than proxies and clients keep an idle connection: whoever closes first must not be us, or a request that is
just on its way is lost."""


class Stuck(Exception):
    """The process is alive but does not do its work; the text says which part and since when."""


class BackgroundTasks:
    """Tasks that must not end: if one does, the process stops (and its supervisor starts a new one)."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._fatal: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        self._farewells: list[Callable[[], Awaitable[None]]] = []

    def before_stop(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """Have something done before the HTTP server stops: it waits only so long for answers that go on for ever."""
        self._farewells.append(farewell)

    async def say_farewell(self) -> None:
        """Do it; what goes wrong holds up nothing."""
        for farewell in self._farewells:
            try:
                await farewell()
            except Exception:
                logger.exception("farewell_failed")

    def spawn(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a task that runs until the process stops."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def fail(self, error: BaseException) -> None:
        """Stop the process because of `error`."""
        if not self._fatal.done():
            self._fatal.set_result(error)

    async def fatal(self) -> BaseException:
        """Wait for a reason to stop."""
        return await asyncio.shield(self._fatal)

    async def check(self) -> None:
        """Health check: raises what stopped us, if something did."""
        if self._fatal.done():
            raise self._fatal.result()

    async def cancel(self) -> None:
        """Cancel all tasks and wait until they have ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.remove_done_callback(self._ended)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            self.fail(Stuck(f"task {task.get_name()} was cancelled from inside"))
        else:
            self.fail(task.exception() or Stuck(f"task {task.get_name()} ended"))


class Service(Protocol):
    """What a `bootstrap` yields: an application to serve, its tasks, and how to notice that it is stuck."""

    @property
    def asgi(self) -> ASGIApp:
        """The HTTP side."""
        ...

    @property
    def tasks(self) -> BackgroundTasks:
        """The rest."""
        ...

    async def check_progress(self) -> None:
        """Raise `Stuck` if there is work and nothing moves, without a stated reason to pause."""
        ...


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
Bootstrap = Callable[[SettingsT], AbstractAsyncContextManager[Service]]


def run(name: str, settings_type: type[SettingsT], bootstrap: Bootstrap[SettingsT]) -> NoReturn:
    """Run one service until it is told to stop. Exit codes: 0 stopped, 2 cannot start, 70 stopped loudly."""
    try:
        settings = settings_type.load()
    except SettingsError as error:
        print(f"{name}: {error}", file=sys.stderr)
        sys.exit(EXIT_USAGE)
    configure_logging(name, log_format=settings.log_format, level=settings.log_level)
    # A batch holds some hundred thousand objects, none of them in a cycle: looking for cycles every 700
    # allocations took up to a third of the processor (docs/adr/0005).
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    runner = asyncio.Runner(loop_factory=_loop_factory())
    with runner:
        code = runner.run(_run(settings, bootstrap))
    sys.exit(code)


async def _run(settings: SettingsT, bootstrap: Bootstrap[SettingsT]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    watchdog = LoopWatchdog()
    watchdog.start()
    try:
        async with bootstrap(settings) as service:
            return await _serve(settings, service, stop)
    except CannotStart as reason:
        logger.error("cannot_start", reason=str(reason))  # noqa: TRY400 - the sentence says it all
        print(reason, file=sys.stderr)
        return EXIT_USAGE
    except Exception:
        logger.exception("stopped_loudly")
        return EXIT_STOPPED_LOUDLY
    finally:
        watchdog.stop()


async def _serve(settings: ServiceSettings, service: Service, stop: asyncio.Event) -> int:
    service.tasks.spawn("watch_progress", _watch(service.check_progress))
    server = _Server(
        uvicorn.Config(
            service.asgi,
            host=settings.host,
            port=settings.port,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
    )
    serving = asyncio.create_task(server.serve(), name="http")
    stopping = asyncio.create_task(stop.wait())
    fatal = asyncio.create_task(service.tasks.fatal())
    await asyncio.wait({serving, stopping, fatal}, return_when=asyncio.FIRST_COMPLETED)
    await service.tasks.say_farewell()
    server.should_exit = True
    with contextlib.suppress(SystemExit):
        await serving
    stopping.cancel()
    if fatal.done():
        logger.error("stopped_loudly", exc_info=fatal.result())
        return EXIT_STOPPED_LOUDLY
    fatal.cancel()
    if not stop.is_set():
        logger.error("stopped_loudly", reason="the HTTP server ended; is the port taken?", port=settings.port)
        return EXIT_STOPPED_LOUDLY
    logger.info("stopped")
    return 0


async def _watch(check: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(_WATCH_EVERY_S)
        await check()


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the process has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


class LoopWatchdog:
    """Ends the process when the event loop has not run for a while: heartbeats live on that loop (R25a)."""

    def __init__(
        self,
        *,
        limit_s: float = _LOOP_STUCK_S,
        on_stuck: Callable[[], None] = lambda: os._exit(EXIT_STOPPED_LOUDLY),
    ) -> None:
        self._limit_s = limit_s
        self._on_stuck = on_stuck
        self._beat = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop-watchdog", daemon=True)
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start watching the running loop."""
        self._tick()
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()
        if self._handle is not None:
            self._handle.cancel()

    def _tick(self) -> None:
        self._beat = time.monotonic()
        self._handle = asyncio.get_running_loop().call_later(self._limit_s / 20, self._tick)

    def _watch(self) -> None:
        woke = time.monotonic()
        while not self._stopped.wait(self._limit_s / 10):
            now = time.monotonic()
            if now - woke > self._limit_s / 2:
                # We did not run either: the whole process was suspended. The loop gets its time anew.
                self._beat = now
            woke = now
            silent = now - self._beat
            if silent > self._limit_s:
                logger.critical("event_loop_stuck", seconds=round(silent, 1))
                self._on_stuck()
                return


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
