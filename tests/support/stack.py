"""Which Kafka and PostgreSQL a run of the tests uses: ``TEST_STACK=embedded|testcontainers|external``.

``embedded`` (the default) starts our own from the package registries; ``testcontainers`` needs a container
engine; ``external`` takes the addresses in ``TEST_KAFKA`` (host:port) and ``TEST_POSTGRES`` (DSN of a
superuser). Each server is started when the first test asks for it, once a run.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.embedded.reaper import Reaper
from tests.support import containers, embedded

_MODES = ("embedded", "testcontainers", "external")


def mode() -> str:
    """Return the kind of stack this run uses."""
    named = os.environ.get("TEST_STACK", "embedded")
    if named not in _MODES:
        raise pytest.UsageError(f"TEST_STACK={named!r} is none of {', '.join(_MODES)}")
    return named


@asynccontextmanager
async def kafka(warden: Reaper) -> AsyncIterator[str]:
    """Give the bootstrap address of a broker."""
    match mode():
        case "external":
            yield _named("TEST_KAFKA")
        case "testcontainers":
            with containers.kafka() as bootstrap:
                yield bootstrap
        case _:
            async with embedded.kafka(warden) as bootstrap:
                yield bootstrap


@asynccontextmanager
async def postgres(warden: Reaper) -> AsyncIterator[str]:
    """Give a superuser's DSN of a PostgreSQL server."""
    match mode():
        case "external":
            yield _named("TEST_POSTGRES")
        case "testcontainers":
            with containers.postgres() as dsn:
                yield dsn
        case _:
            async with embedded.postgres(warden) as dsn:
                yield dsn


def _named(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise pytest.UsageError(f"TEST_STACK=external needs {variable}")
    return value
