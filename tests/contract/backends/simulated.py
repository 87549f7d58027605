"""The simulated account service, with all its extras and with none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from deploy.account_service import journal
from deploy.account_service.launch import CLIENT_ID, CLIENT_SECRET, CONTROL_TOKEN, LaunchedService
from services.provisioner.backends import Backend, BackendContext
from services.provisioner.backends.loading import open_backend
from tests.contract.backends.rig import Rig, Trouble

_FAULTS: dict[Trouble, dict[str, object]] = {
    "lost": {"reply_lost": 1},
    "error": {"error_after": 1},
    "garbled": {"malformed": 1},
    "slow": {"latency_ms": 300},
    "failing": {"error_before": 1},
    "busy": {"too_many": 1, "retry_after_seconds": 7},
}
BARE = {"declares": False, "arrays": False, "look_up": False, "keys_honoured": False}
"""A Waldur-style service: neither arrays nor keys nor a look-up, and no word about it."""


class SimulatedRig(Rig):
    """A backend and the service's operator side."""

    troubles = frozenset(_FAULTS)
    refused = "refused+eve.{}@example.org"

    def __init__(
        self,
        backend: Backend,
        service: LaunchedService,
        operator: aiohttp.ClientSession,
        always: dict[str, object],
    ) -> None:
        super().__init__(backend)
        self._service = service
        self._operator = operator
        self._always = always

    async def made(self, email: str) -> list[str]:
        """By the journal."""
        return [entry.username for entry in self.effects(email)]

    async def alive(self, email: str) -> list[str]:
        """By the journal."""
        closed = {entry.username for entry in self._service.effects() if isinstance(entry, journal.Closed)}
        return [username for username in await self.made(email) if username not in closed]

    async def occupied(self, name: str) -> str | None:
        """A magic address."""
        return self.email(f"taken+{name}")

    async def expire_tokens(self) -> bool:
        """All at once."""
        await self.control("POST", "expire-tokens")
        return True

    @asynccontextmanager
    async def trouble(self, kind: Trouble) -> AsyncIterator[None]:
        """By the service's own faults."""
        await self.backend.prepare()
        await self.faults(**_FAULTS[kind])
        try:
            yield
        finally:
            await self.faults()

    async def faults(self, **faults: object) -> None:
        """Make the target misbehave; nothing named heals it."""
        await self.control("PUT", "faults", {**self._always, **faults})

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
        """The accounts that were really made for an address."""
        return [entry for entry in journal.created(self._service.effects()) if entry.email == email]


@asynccontextmanager
async def simulated_rig(service: LaunchedService, **always: object) -> AsyncIterator[SimulatedRig]:
    """A rig at a service that is healthy before and after, but for what it `always` is."""
    options = {
        "account_service_url": service.accounts_url,
        "account_service_token_url": service.token_url,
        "account_service_client_id": CLIENT_ID,
        "account_service_client_secret": CLIENT_SECRET,
    }
    async with (
        aiohttp.ClientSession() as operator,
        open_backend("waldur", BackendContext(options=options, timeout=5)) as backend,
    ):
        rig = SimulatedRig(backend, service, operator, always)
        await rig.faults()
        yield rig
        rig._always = {}
        await rig.faults()
