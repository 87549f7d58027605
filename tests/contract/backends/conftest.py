"""One suite for every backend: each brings a target of its own, and a way to upset it."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from pkgutil import resolve_name

import pytest

from deploy.account_service.launch import LaunchedService
from tests.contract.backends import sqlite
from tests.contract.backends.rig import Rig
from tests.contract.backends.scim import ScimRig, scim_rig
from tests.contract.backends.simulated import BARE, SimulatedRig, simulated_rig
from tests.support.scim import LaunchedScim

NAMES = ["simulated", "waldur", "scim", "scim-delete", "sqlite"]
OTHER = os.environ.get("BACKEND_RIG")
"""A rig from elsewhere, `module:function`; the function is given a folder."""


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchedService]:
    """The simulated account service, as a process of its own."""
    with LaunchedService(tmp_path_factory.mktemp("account-service"), slow_seconds=0.2) as running:
        yield running


@pytest.fixture(scope="session")
def scim_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchedScim]:
    """A SCIM server, as a process of its own."""
    with LaunchedScim(tmp_path_factory.mktemp("scim")) as running:
        yield running


@pytest.fixture(params=[*NAMES, *(["other"] if OTHER else [])])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    """Every backend in turn."""
    made: dict[str, Callable[[], AbstractAsyncContextManager[Rig]]] = {
        "simulated": lambda: simulated_rig(request.getfixturevalue("service")),
        "waldur": lambda: simulated_rig(request.getfixturevalue("service"), **BARE),
        "scim": lambda: scim_rig(request.getfixturevalue("scim_server")),
        "scim-delete": lambda: scim_rig(request.getfixturevalue("scim_server"), close="delete"),
        "sqlite": lambda: sqlite.rig(tmp_path),
        "other": lambda: resolve_name(OTHER or "")(tmp_path),
    }
    async with made[request.param]() as rig:
        assert await rig.backend.prepare() is None
        yield rig


@pytest.fixture
async def simulated(service: LaunchedService) -> AsyncIterator[SimulatedRig]:
    """The simulated service, for what only it has."""
    async with simulated_rig(service) as rig:
        yield rig


@pytest.fixture
async def scim(scim_server: LaunchedScim) -> AsyncIterator[ScimRig]:
    """The SCIM server, for what only it has."""
    async with scim_rig(scim_server) as rig:
        yield rig
