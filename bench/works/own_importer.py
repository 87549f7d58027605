"""A further importer, alone with its rows: a database and a log topic of its own, which nobody else works on.

It is the real service in a process of its own, told to take more rows than usual.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import aiohttp
import asyncpg

from bench.memory import Peak
from bench.stack import BenchError, Running
from deploy.embedded.ports import free_port
from deploy.embedded.service_process import ServiceProcess
from deploy.embedded.stack import HOST, ServiceSpec
from deploy.provisioning.database import provision_database
from deploy.provisioning.topics import provision_topics
from schemas.topics import LOG_PARTITIONS, Topic
from services.common.access import new_token
from services.common.access.tokens import add_token
from services.common.database import open_pool

DATABASE: Final = "bench_importer"
TOPIC: Final = "bench.requests"
"""Where it publishes."""
MOST_ROWS: Final = 10_000_000
_MOST_BYTES: Final = 2**30
_TICK_S: Final = 0.02
_LEAST_RATE: Final = 2_000.0
_STOP_WITHIN: Final = 15.0


@dataclass(frozen=True, slots=True)
class Staged:
    """A preview that is complete. Seconds from the first byte of the upload; memory of the importer's processes."""

    draft: Mapping[str, Any]
    first_page: float
    complete: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class OwnImporter:
    """The running importer, how to reach it, and how to look into its tables."""

    system: Running
    process: ServiceProcess
    http: aiohttp.ClientSession
    connection: asyncpg.Connection

    @property
    def pids(self) -> Collection[int]:
        """The process that was started; it may have children."""
        return [self.process.pid or 0]

    async def stage(self, body: bytes, rows: int) -> Staged:
        """Upload and wait for the whole preview, looking for the first page all the while.

        Raises:
            BenchError: it is refused, or takes far too long.
        """
        first_page: float | None = None
        began = time.perf_counter()
        async with Peak(self.pids) as peak:
            try:
                async with asyncio.timeout(60 + rows / _LEAST_RATE):
                    form = aiohttp.FormData({"project": self.system.project["uuid"]})
                    form.add_field("file", body, filename="course.csv", content_type="text/csv")
                    draft = await self.call("POST", "/api/import-drafts/", data=form)
                    path = f"/api/import-drafts/{draft['uuid']}/"
                    while draft["state"] == "reading":
                        if first_page is None and (await self.call("GET", f"{path}rows/"))["results"]:
                            first_page = time.perf_counter() - began
                        await asyncio.sleep(_TICK_S)
                        draft = await self.call("GET", path)
            except TimeoutError:
                raise BenchError(f"The preview of {rows:,} rows was not complete in time.") from None
            complete = time.perf_counter() - began
        if draft["state"] != "previewed" or draft["rows"] != rows:
            raise BenchError(f"The preview is {draft['state']} with {draft['rows']} rows: {draft['error']}")
        return Staged(draft, complete if first_page is None else first_page, complete, peak.mib)

    async def publish(self, draft: Mapping[str, Any]) -> float:
        """Submit, and wait until all of it is confirmed on the log; seconds."""
        wish = {"preview_hash": draft["preview_hash"], "skip_invalid": True}
        query = "SELECT published_at IS NOT NULL FROM importer.imports WHERE import_id = $1"
        import_id = UUID(draft["uuid"])
        began = time.perf_counter()
        # The answer is not awaited first: it waits for a projector, and none reads this topic.
        asked = asyncio.create_task(
            self.call("POST", f"/api/import-drafts/{draft['uuid']}/submit/", json=wish), name="submit"
        )
        try:
            async with asyncio.timeout(60 + draft["rows"] / _LEAST_RATE):
                while not await self.connection.fetchval(query, import_id):
                    if asked.done():
                        asked.result()
                    await asyncio.sleep(_TICK_S)
        except TimeoutError:
            raise BenchError(f"{draft['rows']:,} rows were not published in time.") from None
        took = time.perf_counter() - began
        await asked
        return took

    async def forget(self) -> None:
        """Empty its tables, so that no measurement works beside the rows of another."""
        await self.connection.execute(
            "TRUNCATE importer.drafts, importer.draft_rows, importer.imports, importer.answers CASCADE"
        )

    async def call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """One request.

        Raises:
            BenchError: it was refused.
        """
        async with self.http.request(method, path, **more) as answer:
            if answer.status >= 300:
                raise BenchError(f"{method} {path}: {answer.status} {(await answer.text())[:300]}")
            found: dict[str, Any] = await answer.json()
            return found


@asynccontextmanager
async def own_importer(system: Running) -> AsyncIterator[OwnImporter]:
    """Start one; everything it made is dropped at the end."""
    provisioned = await provision_database(system.postgres, DATABASE, system.keys.passwords())
    await provision_topics(system.kafka, [Topic(TOPIC, LOG_PARTITIONS, {"retention.ms": "-1"})])
    token = new_token()
    pool = await open_pool(provisioned.admin, name="bench", size=1)
    async with pool:
        await add_token(pool, token, user_id="bench", staff=True)
    port = free_port()
    env = _settings(system, provisioned.services["importer"], port)
    process = ServiceProcess(ServiceSpec("importer", 2, port, env), system.warden, system.folder)
    await process.start()
    connection = await asyncpg.connect(provisioned.admin)
    try:
        async with aiohttp.ClientSession(
            f"http://{HOST}:{port}",
            headers={"Authorization": f"Token {token}"},
            timeout=aiohttp.ClientTimeout(total=None),
        ) as http:
            yield OwnImporter(system, process, http, connection)
    finally:
        await connection.close()
        await process.stop(within=_STOP_WITHIN)
        admin = await asyncpg.connect(system.postgres)
        try:
            await admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        finally:
            await admin.close()


def _settings(system: Running, dsn: str, port: int) -> Mapping[str, str]:
    values = {
        "KAFKA": system.kafka,
        "POSTGRES": dsn,
        "INTERNAL_TOKEN": system.keys.internal_token,
        "RATE_LIMIT": "0",
        "HOST": HOST,
        "PORT": str(port),
        "LOG_TOPIC": TOPIC,
        "GROUP": TOPIC,
        "PROVISIONER_URL": system.address_of("provisioner"),
        "PROJECTOR_URL": system.address_of("projector"),
        "PUBLISH_AHEAD": "0",  # nobody reads this topic
        "MAX_ROWS": str(MOST_ROWS),
        "MAX_BYTES": str(_MOST_BYTES),
    }
    return {f"COURSE_ACCOUNTS_IMPORTER_{name}": value for name, value in values.items()}
