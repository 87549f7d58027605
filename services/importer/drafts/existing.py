"""Which accounts are there already: asked of the provisioner in bulk. A hint for people; the log decides."""

import asyncio
from typing import Final, Protocol

import aiohttp
import structlog

logger = structlog.get_logger(__name__)

MAX_IDS: Final = 10_000
_HIGHEST_STATE: Final = 4
_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)


class Unknown(Exception):
    """The provisioner does not answer, or not as agreed."""


class ExistingAccounts(Protocol):
    """Knows how accounts stand."""

    async def states(self, accounts: bytes) -> bytes:
        """One byte for each account (16 bytes each), in order: 0 unknown, 1 pending, 2 ok, 3 erred, 4 closed.

        Raises:
            Unknown: nobody can say now.
        """
        ...


class ProvisionerAccounts:
    """Asks `POST /internal/account-states`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = f"{url.rstrip('/')}/internal/account-states/"

    async def states(self, accounts: bytes) -> bytes:
        """See `ExistingAccounts`."""
        step = 16 * MAX_IDS
        parts = [await self._ask(accounts[start : start + step]) for start in range(0, len(accounts), step)]
        return b"".join(parts)

    async def _ask(self, ids: bytes) -> bytes:
        headers = {"Content-Type": "application/octet-stream"}
        try:
            async with self._session.post(self._url, data=ids, headers=headers, timeout=_TIMEOUT) as response:
                if response.status != 200:
                    raise Unknown(f"the provisioner answered {response.status}")
                states = await response.content.readexactly(len(ids) // 16)
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            raise Unknown(f"the provisioner cannot be asked: {type(error).__name__}") from error
        if max(states, default=0) > _HIGHEST_STATE:
            raise Unknown("the provisioner answered in a way we do not understand")
        return states
