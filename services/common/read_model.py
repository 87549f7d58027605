"""The projector, asked by the services that write: has it passed a place in the log, what does it show now?"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import aiohttp
import orjson
import structlog

from services.common.questions import MANY

logger = structlog.get_logger(__name__)

_MARGIN_S: Final = 0.5
_MANY_WITHIN_S: Final = 5.0


class Seen(NamedTuple):
    """An account as it is listed, if it is there; `current`: nothing that was asked for is missing in it."""

    document: dict[str, Any] | None
    current: bool


class Projector:
    """Asks under `/internal/`. Never raises: no answer is an answer."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/")

    async def passed(self, topic: str, partition: int, offset: int, within_s: float) -> bool:
        """Whether the record at `offset` was folded before `within_s` was over."""
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
        """The status answer, if there is one already."""
        return await self._document(f"imports/{import_id.hex}/status/")

    async def row(self, import_id: UUID, row: int) -> dict[str, Any] | None:
        """One row of the import, as it is listed, if it is there already."""
        return await self._document(f"imports/{import_id.hex}/rows/{row}/")

    async def account(self, account_id: UUID, version: int, within_s: float) -> Seen:
        """One account, as soon as its fact number `version` was folded, or as it stands after `within_s` seconds."""
        query = {"version": str(version), "wait": f"{within_s:.3f}"}
        found = await self._get(f"accounts/{account_id.hex}/", query, within_s)
        if found is None or not isinstance(found.get("account"), dict):
            return Seen(None, current=False)
        return Seen(found["account"], current=found.get("current") is True)

    async def accounts(self, account_ids: Sequence[UUID]) -> dict[str, dict[str, Any]]:
        """Those of many accounts that are listed, by their uuid; a part of them if that is all there is."""
        listed: dict[str, dict[str, Any]] = {}
        for start in range(0, len(account_ids), MANY):
            ids = b"".join(account_id.bytes for account_id in account_ids[start : start + MANY])
            answer = await self._many(ids)
            if answer is None:
                break
            listed.update(answer)
        return listed

    async def _many(self, ids: bytes) -> dict[str, dict[str, Any]] | None:
        try:
            async with self._session.post(
                f"{self._url}/internal/accounts/",
                data=ids,
                headers={"Content-Type": "application/octet-stream"},
                timeout=aiohttp.ClientTimeout(total=_MANY_WITHIN_S),
            ) as response:
                if response.status != 200:
                    return None
                found = orjson.loads(await response.read())
                return {account["uuid"]: account for account in found["accounts"]}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, LookupError, TypeError) as error:
            logger.warning("read_model_not_asked", error=type(error).__name__)
            return None

    async def _document(self, path: str) -> dict[str, Any] | None:
        return await self._get(path, {}, 1 - _MARGIN_S)

    async def _get(self, path: str, query: dict[str, str], within_s: float) -> dict[str, Any] | None:
        timeout = aiohttp.ClientTimeout(total=within_s + _MARGIN_S)
        try:
            async with self._session.get(
                f"{self._url}/internal/{path}", params=query, timeout=timeout
            ) as response:
                if response.status != 200:
                    return None
                answer = orjson.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            logger.warning("read_model_not_asked", error=type(error).__name__)
            return None
        return answer if isinstance(answer, dict) else None
