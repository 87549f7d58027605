"""The account service as a process of its own, and a client that speaks its protocol."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from deploy.account_service.launch import CLIENT_ID, CLIENT_SECRET, CONTROL_TOKEN, LaunchedService


class Reply(NamedTuple):
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


class Client:
    """A plain client, so that these tests do not lean on our own backend."""

    def __init__(self, service: LaunchedService, session: aiohttp.ClientSession) -> None:
        self.service = service
        self._session = session
        self._token = ""

    async def ask(self, method: str, path: str, *, token: str | None = None, **more: Any) -> Reply:
        """One call; the headers' names come in small letters."""
        headers = {
            "Authorization": f"Bearer {self._token if token is None else token}",
            **more.pop("headers", {}),
        }
        async with self._session.request(
            method, self.service.url + path, headers=headers, **more
        ) as response:
            is_json = "json" in response.headers.get("Content-Type", "")
            body = await response.json() if is_json else await response.text()
            return Reply(
                response.status, body, {name.lower(): value for name, value in response.headers.items()}
            )

    async def sign_in(self) -> Reply:
        """Get a token and use it from now on."""
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        reply = await self.ask("POST", "/oauth/token", data=form)
        if reply.status == 200:
            self._token = reply.body["access_token"]
        return reply

    async def create(self, email: str, key: str | None = None, **fields: object) -> Reply:
        """One create."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.ask("POST", "/accounts", headers=headers, json=order(email, **fields))

    async def control(self, method: str, path: str, body: object = None) -> Reply:
        """One call to the operator's side."""
        return await self.ask(method, f"/control/{path}", token=CONTROL_TOKEN, json=body)

    async def faults(self, **faults: object) -> None:
        """Replace all faults."""
        reply = await self.control("PUT", "faults", faults)
        assert reply.status == 200, reply.body


def order(email: str, **fields: object) -> dict[str, object]:
    """The body of a create."""
    return {
        "email": email,
        "scopeSlug": "python-101",
        "scopeType": "project",
        "ownerUsername": "manager",
        **fields,
    }


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
