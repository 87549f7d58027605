"""A service that does one thing, for tests of `services.common.process.run`: its first argument says which."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from pydantic_settings import SettingsConfigDict

from services.common.errors import CannotStart
from services.common.process import BackgroundTasks, LoopWatchdog, Stuck, run
from services.common.settings import ServiceSettings

WHAT = sys.argv[1]


class Settings(ServiceSettings):
    """Those of every service."""

    model_config = SettingsConfigDict(env_prefix="COURSE_ACCOUNTS_SMALL_", extra="forbid", frozen=True)


@dataclass
class Small:
    """It runs."""

    asgi: FastAPI
    tasks: BackgroundTasks

    async def check_progress(self) -> None:
        """Stuck from the first look, if that is what is wanted."""
        if WHAT == "no-progress":
            raise Stuck("7 records ahead and none handled for 60 s")


async def no_farewell() -> None:
    """Does not work."""
    raise KeyError("a farewell")


async def farewell() -> None:
    """Before the HTTP server stops."""
    print("farewell", flush=True)


@asynccontextmanager
async def bootstrap(_settings: Settings) -> AsyncIterator[Any]:
    """Start, or not."""
    if WHAT == "refuse":
        raise CannotStart("The tables were made by another version. Begin with an empty database.")
    tasks = BackgroundTasks()
    if WHAT == "bug":

        async def fail() -> None:
            raise KeyError("a bug")

        tasks.spawn("failing", fail())
    if WHAT in ("stand-still", "watched"):
        watchdog = LoopWatchdog(limit_s=0.5 if WHAT == "stand-still" else 2.0)
        watchdog.start()
    if WHAT == "stand-still":
        asyncio.get_running_loop().call_later(0.1, time.sleep, 30)
    if WHAT == "run":
        tasks.before_stop(no_farewell)
        tasks.before_stop(farewell)
    print("started", flush=True)
    yield Small(FastAPI(), tasks)
    await tasks.cancel()
    print("cleaned up", flush=True)


if __name__ == "__main__":
    run("small", Settings, bootstrap)
