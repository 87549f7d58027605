"""Many who ask for the status of one import, and remember what no poller may see."""

import asyncio
import time
from types import TracebackType
from typing import Self

import httpx2

from tests.e2e.site import CLASSES, Site

_CONNECTIONS = 50


class Pollers:
    """Ask again and again, with the entity tag of the last answer; `trouble` is what was wrong with answers.

    Args:
        site: whom they ask.
        path: of the status.
        number: of pollers.
        every_s: how often each asks, in seconds; an answer that takes longer delays its next question.
    """

    def __init__(self, site: Site, path: str, number: int, *, every_s: float = 0.1) -> None:
        self._base, self._headers = str(site.http.base_url), dict(site.http.headers)
        self._path = path
        self._number = number
        self._every_s = every_s
        self._tasks: list[asyncio.Task[None]] = []
        self.trouble: list[str] = []
        self.answers = 0
        self.unchanged = 0
        self.took: list[float] = []

    async def __aenter__(self) -> Self:
        limits = httpx2.Limits(max_connections=_CONNECTIONS)
        self._http = httpx2.AsyncClient(base_url=self._base, headers=self._headers, timeout=30, limits=limits)
        self._tasks = [asyncio.create_task(self._poll(n)) for n in range(self._number)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def _poll(self, number: int) -> None:
        version, tag = 0, ""
        await asyncio.sleep(self._every_s * number / self._number)
        while True:
            began = time.monotonic()
            try:
                answer = await self._http.get(self._path, headers={"If-None-Match": tag} if tag else {})
            except httpx2.HTTPError as error:
                self.trouble.append(type(error).__name__)
                continue
            self.took.append(time.monotonic() - began)
            self.answers += 1
            if answer.status_code == 304:
                self.unchanged += 1
            elif answer.status_code == 200:
                body = answer.json()
                counts = body["counts"]
                if counts["rows"] != sum(counts[name] for name in CLASSES):
                    self.trouble.append(f"the counts do not add up: {counts}")
                if body["version"] < version:
                    self.trouble.append(f"version {body['version']} after {version}")
                version, tag = body["version"], answer.headers["etag"]
            elif version:
                self.trouble.append(f"{answer.status_code}: {answer.text}")
            await asyncio.sleep(max(0.0, began + self._every_s - time.monotonic()))
