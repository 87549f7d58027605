"""The provisioner, told to stop an import and to release claims. No answer is an answer: it is told again later."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol
from uuid import UUID

import aiohttp
import orjson
import structlog

logger = structlog.get_logger(__name__)

MAX_CLAIMS: Final = 10_000
Cause = Literal["undo", "correction"]
Claim = tuple[UUID, UUID]
"""An account, and the request that claims it."""

_STOP_TIMEOUT: Final = aiohttp.ClientTimeout(total=2)
_RELEASE_TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
COUNTED: Final = ("close", "kept", "nothing", "pending")
"""What a dry run counts."""


class Provisioner(Protocol):
    """What the importer asks of the provisioner. Never raises."""

    async def stop(self, import_id: UUID, *, author: str, reason: str) -> bool:
        """Nothing of the import shall start any more; whether that is confirmed."""
        ...

    async def release(self, import_id: UUID, *, author: str, cause: Cause, claims: Sequence[Claim]) -> bool:
        """Give up to 10,000 claims up; whether the provisioner has them in hand."""
        ...

    async def foretell(self, import_id: UUID, claims: Sequence[Claim]) -> dict[str, int] | None:
        """What an undo of these claims would come to, as `COUNTED`; nothing if nobody can say now."""
        ...


class ProvisionerCommands:
    """Calls `/internal/imports/{hex}/stop/` and `…/release/`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = f"{url.rstrip('/')}/internal/imports"

    async def stop(self, import_id: UUID, *, author: str, reason: str) -> bool:
        """See `Provisioner`."""
        body = orjson.dumps({"author": author, "reason": reason})
        answer = await self._post(f"{import_id.hex}/stop/", body, _STOP_TIMEOUT)
        return answer is not None and answer[0] == 204

    async def release(self, import_id: UUID, *, author: str, cause: Cause, claims: Sequence[Claim]) -> bool:
        """See `Provisioner`."""
        body = await asyncio.to_thread(_body, author, cause, claims)
        answer = await self._post(f"{import_id.hex}/release/", body, _RELEASE_TIMEOUT)
        return answer is not None and answer[0] == 202

    async def foretell(self, import_id: UUID, claims: Sequence[Claim]) -> dict[str, int] | None:
        """See `Provisioner`."""
        body = await asyncio.to_thread(_body, "", "undo", claims)
        answer = await self._post(f"{import_id.hex}/release/?dry_run=1", body, _RELEASE_TIMEOUT)
        if answer is None or answer[0] != 200 or not isinstance(answer[1], dict):
            return None
        counts = {name: count for name in COUNTED if isinstance(count := answer[1].get(name), int)}
        if len(counts) < len(COUNTED):
            logger.warning("provisioner_answered_otherwise")
            return None
        return counts

    async def _post(self, path: str, body: bytes, within: aiohttp.ClientTimeout) -> tuple[int, Any] | None:
        try:
            async with self._session.post(
                f"{self._url}/{path}",
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=within,
            ) as response:
                text = await response.read()
                if response.status >= 300:
                    logger.warning("provisioner_refused", status=response.status)
                return response.status, orjson.loads(text) if text else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            logger.warning("provisioner_not_told", error=type(error).__name__)
            return None


def _body(author: str, cause: Cause, claims: Sequence[Claim]) -> bytes:
    pairs = [(account.hex, request.hex) for account, request in claims]
    return orjson.dumps({"author": author, "cause": cause, "claims": pairs})
