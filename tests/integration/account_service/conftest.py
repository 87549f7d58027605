"""The account service as a process of its own, and a client that speaks its protocol."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from deploy.account_service.launch import LaunchedService
from tests.integration.account_service.support import Client


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchedService]:
    """One process for the tests that do not harm it; addresses keep them apart."""
    with LaunchedService(tmp_path_factory.mktemp("account-service"), slow_seconds=0.3) as service:
        yield service


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LaunchedService]:
    """A process of the test's own, to be killed."""
    service = LaunchedService(tmp_path)
    yield service
    service.kill()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """One HTTP session, with a new connection for every call: a kept one does not outlive a killed service."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=20)) as made:
        yield made


@pytest.fixture
async def client(running: LaunchedService, session: aiohttp.ClientSession) -> AsyncIterator[Client]:
    """Signed in, with no faults before and after."""
    made = Client(running, session)
    await made.faults()
    await made.sign_in()
    yield made
    await made.faults()
