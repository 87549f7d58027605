"""One suite for every backend: each brings a target of its own, and a way to make it misbehave."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from deploy.account_service.launch import LaunchedService
from tests.contract.backends.support import BACKENDS, Case


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchedService]:
    """The simulated account service, as a process of its own."""
    with LaunchedService(tmp_path_factory.mktemp("account-service"), slow_seconds=0.2) as running:
        yield running


@pytest.fixture(params=BACKENDS)
async def case(request: pytest.FixtureRequest, service: LaunchedService) -> AsyncIterator[Case]:
    """Every backend in turn, its target healthy before and after."""
    async with aiohttp.ClientSession() as operator, BACKENDS[request.param](service) as backend:
        made = Case(backend, service, operator)
        await made.faults()
        yield made
        await made.faults()
