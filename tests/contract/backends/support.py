"""A backend under test with its target, and the backends there are."""

import contextlib
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import aiohttp

from deploy.account_service import journal
from deploy.account_service.launch import CLIENT_ID, CLIENT_SECRET, CONTROL_TOKEN, LaunchedService
from services.provisioner.backends.body import creation_body
from services.provisioner.backends.http import HttpBackend
from services.provisioner.backends.protocol import Backend, CreateRequest

SCOPE = "python-101"
_numbers = count(1)


class Case:
    """A backend under test and its target."""

    def __init__(self, backend: Backend, service: LaunchedService, operator: aiohttp.ClientSession) -> None:
        self.backend = backend
        self._service = service
        self._operator = operator
        self.number = next(_numbers)

    def email(self, name: str) -> str:
        """An address no other test uses; what stands before a plus stays in front."""
        return f"{name}.{self.number}@example.org"

    def request(self, email: str, key: str, *, description: str = "", timeout: float = 10.0) -> CreateRequest:
        """A create, its key made unique to this test."""
        body = creation_body(
            owner_username="manager",
            email=email,
            description=description,
            scope_name="Python 101",
            scope_slug=SCOPE,
            scope_offering_slugs=["hpc"],
        )
        return CreateRequest(f"{key}-{self.number}", body, timeout)

    async def faults(self, **faults: object) -> None:
        """Make the target misbehave; nothing named heals it."""
        await self.control("PUT", "faults", faults)

    async def expire_tokens(self) -> None:
        """Make all tokens useless at once."""
        await self.control("POST", "expire-tokens")

    async def calls(self, operation: str) -> int:
        """How often the target has been called."""
        return int((await self.control("GET", "stats"))["by_operation"].get(operation, 0))

    async def control(self, method: str, path: str, body: object = None) -> Any:
        """One call to the target's operator side."""
        async with self._operator.request(
            method,
            f"{self._service.url}/control/{path}",
            json=body,
            headers={"Authorization": f"Bearer {CONTROL_TOKEN}"},
        ) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    def effects(self, email: str) -> list[journal.Created]:
        """The accounts that were really made for an address, by the target's own journal."""
        return [entry for entry in journal.created(self._service.effects()) if entry.email == email]


@contextlib.asynccontextmanager
async def http(service: LaunchedService) -> AsyncIterator[Backend]:
    """The Waldur-style backend."""
    async with HttpBackend(
        url=service.accounts_url,
        token_url=service.token_url,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        timeout=5,
    ) as backend:
        yield backend


BACKENDS = {"http": http}
