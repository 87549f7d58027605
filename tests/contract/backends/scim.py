"""A real SCIM server, with a proxy before it that spoils answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.provisioner.backends import Backend, BackendContext
from services.provisioner.backends.loading import open_backend
from services.provisioner.backends.scim.naming import user_name
from tests.contract.backends.rig import SCOPE, Rig, Trouble
from tests.support.cutting import CuttingProxy, Spoil
from tests.support.scim import TOKEN, LaunchedScim


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} ?", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


SPOILS: dict[Trouble, Spoil] = {
    "lost": Spoil(),
    "error": Spoil(answer(500)),
    "garbled": Spoil(answer(201, "Content-Type: application/scim+json", body=b'{"userName": [')),
    "slow": Spoil(held=True),
    "failing": Spoil(answer(500), reaches=False),
    "busy": Spoil(answer(429, "Retry-After: 7"), reaches=False),
}


class ScimRig(Rig):
    """A backend and its server's users."""

    troubles = frozenset(SPOILS)
    refused = "eve.{}@nowhere"

    def __init__(self, backend: Backend, server: LaunchedScim, proxy: CuttingProxy) -> None:
        super().__init__(backend)
        self.server = server
        self.proxy = proxy

    async def alive(self, email: str) -> list[str]:
        """The active users with this address."""
        return [
            user["userName"]
            for user in self.server.users(**{"emails.value": email})
            if user["active"] is True
        ]

    async def made(self, email: str) -> list[str]:
        """All users with it."""
        return [user["userName"] for user in self.server.users(**{"emails.value": email})]

    async def occupied(self, name: str) -> str | None:
        """Somebody has the very name the account would get."""
        email = self.email(name)
        self.server.add(userName=user_name("{local}-{hash}", email, SCOPE), active=True)
        return email

    @asynccontextmanager
    async def trouble(self, kind: Trouble) -> AsyncIterator[None]:
        """By the proxy."""
        async with self.proxy.spoiling(SPOILS[kind]):
            yield


@asynccontextmanager
async def scim_rig(server: LaunchedScim, **options: object) -> AsyncIterator[ScimRig]:
    """A rig at a server."""
    async with CuttingProxy(server.port).running() as proxy:
        told = {"url": f"http://127.0.0.1:{proxy.port}/v2", "token": TOKEN, **options}
        async with open_backend("scim", BackendContext(options=told, timeout=5)) as backend:
            yield ScimRig(backend, server, proxy)
