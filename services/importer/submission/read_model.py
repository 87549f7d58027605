"""The projector, asked whether it has passed an offset, and for the status of an import."""

from typing import Any, Final, Protocol
from uuid import UUID

import aiohttp
import orjson
import structlog

logger = structlog.get_logger(__name__)

_MARGIN_S: Final = 0.5


class ReadModel(Protocol):
    """What the importer wants to know of the projector. Never raises: no answer is an answer."""

    async def passed(self, topic: str, partition: int, offset: int, within_s: float) -> bool:
        """Whether the record at `offset` was folded before `within_s` was over."""
        ...

    async def status(self, import_id: UUID) -> dict[str, Any] | None:
        """The status answer, if there is one already."""
        ...

    async def row(self, import_id: UUID, row: int) -> dict[str, Any] | None:
        """One row of the import, as it is listed, if it is there already."""
        ...


class Projector:
    """Asks `GET /internal/passed`, `GET /internal/imports/{uuid}/status` and `…/rows/{row}`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/")

    async def passed(self, topic: str, partition: int, offset: int, within_s: float) -> bool:
        """See `ReadModel`."""
        query = {
            "topic": topic,
            "partition": str(partition),
            "offset": str(offset),
            "wait": f"{within_s:.3f}",
        }
        timeout = aiohttp.ClientTimeout(total=within_s + _MARGIN_S)
        try:
            async with self._session.get(
                f"{self._url}/internal/passed/", params=query, timeout=timeout
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("read_model_not_asked", error=type(error).__name__)
            return False

    async def status(self, import_id: UUID) -> dict[str, Any] | None:
        """See `ReadModel`."""
        return await self._document(f"imports/{import_id.hex}/status/")

    async def row(self, import_id: UUID, row: int) -> dict[str, Any] | None:
        """See `ReadModel`."""
        return await self._document(f"imports/{import_id.hex}/rows/{row}/")

    async def _document(self, path: str) -> dict[str, Any] | None:
        try:
            async with self._session.get(
                f"{self._url}/internal/{path}", timeout=aiohttp.ClientTimeout(total=1)
            ) as response:
                if response.status != 200:
                    return None
                answer = orjson.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            logger.warning("read_model_not_asked", error=type(error).__name__)
            return None
        return answer if isinstance(answer, dict) else None
