"""One import through the public address: upload, submit, wait until every account is seen."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp

from bench.rows import Sample
from bench.stack import BenchError, Running

_SOONEST_S, _LATEST_S = 0.03, 0.5
_LEAST_RATE = 40.0
"""Accounts a second below which waiting is given up."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import; seconds from the first byte of the upload."""

    import_id: UUID
    previewed: float
    submitted: float
    finished: float


async def import_all(system: Running, sample: Sample) -> Imported:
    """Import a file and return once the status shows every account created.

    Raises:
        BenchError: the counts are not those of the sample, or it takes far too long.
    """
    body = sample.csv()
    headers = {"Authorization": f"Token {system.document['token']}"}
    async with aiohttp.ClientSession(system.url, headers=headers) as http:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(60 + len(sample.rows) / _LEAST_RATE):
                form = aiohttp.FormData({"project": system.project["uuid"]})
                form.add_field("file", body, filename="course.csv", content_type="text/csv")
                draft = await _call(http, "POST", "/api/import-drafts/", data=form)
                path = f"/api/import-drafts/{draft['uuid']}/"
                while draft["state"] == "reading":
                    await asyncio.sleep(_SOONEST_S)
                    draft = await _call(http, "GET", path)
                previewed = time.perf_counter() - began
                wish = {"preview_hash": draft["preview_hash"], "skip_invalid": True}
                await _call(http, "POST", f"{path}submit/", json=wish)
                submitted = time.perf_counter() - began
                counts = await _finished(http, draft["uuid"], sample)
        except TimeoutError:
            raise BenchError(f"The import of {len(sample.rows)} rows was not finished in time.") from None
        took = time.perf_counter() - began
    if counts["created"] != sample.accounts or counts["rows"] != len(sample.rows):
        raise BenchError(f"Not the expected {sample.accounts} accounts, but {counts}.")
    return Imported(UUID(draft["uuid"]), previewed, submitted, took)


async def _finished(http: aiohttp.ClientSession, uuid: str, sample: Sample) -> dict[str, int]:
    """Ask seldom while much is left and often near the end: asking costs the system, waiting costs precision."""
    began = time.perf_counter()
    while True:
        status = await _call(http, "GET", f"/api/course-imports/{uuid}/")
        counts: dict[str, int] = status["counts"]
        done = counts["created"] + counts["failed"]
        if done >= sample.accounts or counts["failed"]:
            return counts
        elapsed = time.perf_counter() - began
        left = elapsed * (sample.accounts - done) / done if done else _LATEST_S
        await asyncio.sleep(min(_LATEST_S, max(_SOONEST_S, left / 3)))


async def _call(http: aiohttp.ClientSession, method: str, path: str, **more: Any) -> dict[str, Any]:
    async with http.request(method, path, **more) as answer:
        if answer.status >= 300:
            raise BenchError(f"{method} {path} was answered {answer.status}: {(await answer.text())[:300]}")
        found: dict[str, Any] = await answer.json()
        return found
