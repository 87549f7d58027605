"""An account service of our own: the simulated one in a process of its own, told how slow and how strict it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from bench.stack import BenchError, Running
from deploy.embedded import stack
from deploy.embedded.ports import free_port
from deploy.embedded.service_process import ServiceProcess

_CLIENT_ID: Final = "course-accounts"
_STOP_WITHIN: Final = 10.0


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """The running account service, and its operator's side."""

    process: ServiceProcess
    access: stack.AccountServiceAccess
    http: aiohttp.ClientSession

    @property
    def pid(self) -> int:
        """Of the process."""
        return self.process.pid or 0

    async def behave(self, **faults: Any) -> None:
        """Be slow, strict or wrong in these ways, and in no other.

        Raises:
            BenchError: it does not know such a fault.
        """
        await self._control("PUT", "faults", json=faults)

    async def calls(self) -> tuple[int, int]:
        """How many calls were answered, and how many of them with 429."""
        told = await self._control("GET", "stats")
        return told["calls"], told["by_status"].get("429", 0)

    async def _control(self, method: str, what: str, **more: Any) -> dict[str, Any]:
        async with self.http.request(method, f"/control/{what}", **more) as answer:
            if answer.status != 200:
                raise BenchError(f"The account service refuses {what}: {(await answer.text())[:300]}")
            found: dict[str, Any] = await answer.json()
            return found


@asynccontextmanager
async def own_target(system: Running) -> AsyncIterator[OwnTarget]:
    """Start one with nothing in it."""
    port = free_port()
    url = f"http://{stack.HOST}:{port}"
    access = stack.AccountServiceAccess(
        f"{url}/accounts", f"{url}/oauth/token", _CLIENT_ID, system.keys.account_service_secret
    )
    journal = system.folder / f"accounts-{port}.jsonl"
    spec = stack.account_service(port, journal, access, system.keys.control_token)
    process = ServiceProcess(spec, system.warden, system.folder)
    await process.start()
    try:
        headers = {"Authorization": f"Bearer {system.keys.control_token}"}
        async with aiohttp.ClientSession(url, headers=headers) as http:
            yield OwnTarget(process, access, http)
    finally:
        await process.stop(within=_STOP_WITHIN)
        journal.unlink(missing_ok=True)
