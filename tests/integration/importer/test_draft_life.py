"""Drafts over their time: read again by whoever lives, expired in the end, never submitted half."""

import os
import signal
from datetime import timedelta
from typing import Any

import pytest

from services.common.database import open_pool
from services.importer.drafts import workers as reading_processes
from services.importer.drafts.housekeeping import tidy
from services.importer.drafts.readings import Readings
from tests.integration.importer.support import Clock, Site, people, running, until


def readings_of(importer: Any) -> Readings:
    """The part that reads files."""
    readings: Readings = importer.service.readings
    return readings


async def test_a_reader_that_died_is_taken_over(site: Site) -> None:
    """Its half is thrown away, the kept file is read from the start, and the preview is as if nothing had been."""
    clock = Clock()
    async with (
        running(site, clock=clock) as importer,
        await open_pool(site.dsn, name="tests", size=1, schema="importer") as pool,
    ):
        dying = (await importer.upload(people(40))).json()
        await pool.execute(
            "UPDATE drafts SET state = 'reading', preview_hash = NULL, lease_until = $1, rows = 20",
            clock.now - timedelta(seconds=1),
        )
        await pool.execute("DELETE FROM draft_rows WHERE row > 20")
        drafts = importer.service.drafts
        assert await tidy(drafts, readings_of(importer), clock.now) == (1, 0)

        async def read() -> Any:
            draft = await importer.draft(dying["uuid"])
            return draft if draft["state"] == "previewed" else None

        draft = await until(read)
        assert (draft["rows"], draft["verdicts"]) == (40, dying["verdicts"])
        assert draft["preview_hash"] != dying["preview_hash"]
        assert await pool.fetchval("SELECT count(*) FROM draft_rows") == 40
        assert (await importer.submit(dying)).status_code == 412
        assert (await importer.submit(draft)).status_code == 202
        assert await pool.fetchval("SELECT count(*) FROM draft_files") == 0


async def test_a_file_that_ends_its_readers_is_given_up(site: Site) -> None:
    """After three attempts, wherever they were made, the draft says that the mistake is ours."""
    clock = Clock()
    async with (
        running(site, clock=clock) as importer,
        await open_pool(site.dsn, name="tests", size=1, schema="importer") as pool,
    ):
        draft = (await importer.upload(people(3))).json()
        await pool.execute(
            "UPDATE drafts SET state = 'reading', attempts = 3, lease_until = $1",
            clock.now - timedelta(seconds=1),
        )
        await tidy(importer.service.drafts, readings_of(importer), clock.now)

        async def given_up() -> Any:
            now = await importer.draft(draft["uuid"])
            return now if now["state"] == "rejected" else None

        assert (await until(given_up))["error"]["code"] == "READING_FAILED"
        assert await pool.fetchval("SELECT count(*) FROM draft_files") == 0


async def test_old_drafts_expire(site: Site) -> None:
    """After seven days rows, bytes and name are gone, also of what was rejected; the record stays."""
    clock = Clock()
    async with (
        running(site, clock=clock) as importer,
        await open_pool(site.dsn, name="tests", size=1, schema="importer") as pool,
    ):
        left = (await importer.upload(people(3))).json()
        rejected = (await importer.upload(b"ada@example.org,one\neve@example.org,two\n")).json()
        assert rejected["choices"]
        drafts, readings = importer.service.drafts, readings_of(importer)
        assert await tidy(drafts, readings, clock.now + timedelta(days=6)) == (0, 0)
        assert await tidy(drafts, readings, clock.now + timedelta(days=7, seconds=1)) == (0, 2)
        expired = await importer.draft(left["uuid"])
        assert (expired["state"], expired["file"]["name"]) == ("expired", None)
        assert (await importer.draft(rejected["draft"]))["state"] == "rejected"
        for table in ("draft_rows", "draft_files"):
            assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - ours
        for answer in (
            await importer.submit(left),
            await importer.client.patch(f"/api/import-drafts/{left['uuid']}/", json={}),
            await importer.client.patch(
                f"/api/import-drafts/{left['uuid']}/rows/1/", json={"description": "x"}
            ),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "DRAFT_EXPIRED")


async def test_a_process_that_dies_or_hangs_costs_an_attempt(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle, or silent: it is replaced and the file read again; the service does not notice."""
    monkeypatch.setattr(reading_processes, "STUCK_S", 3.0)
    async with running(site) as importer:
        await importer.preview(people(2))
        workers = importer.service.workers
        for number in (signal.SIGKILL, signal.SIGSTOP):
            [process] = workers.processes
            os.kill(process, number)
            draft = await importer.preview(people(10))
            assert (draft["state"], draft["rows"]) == ("previewed", 10)
            assert workers.processes != [process]


async def test_stopping_lets_others_go_on_at_once(site: Site) -> None:
    """A copy that is stopped in the middle of a file gives it up, and the next one reads it."""
    async with running(site) as first:
        answer = await first.upload(people(60_000))
        assert answer.json()["state"] == "reading"
    async with running(site) as second:
        await tidy(second.service.drafts, readings_of(second), Clock().now)

        async def read() -> bool:
            draft = await second.draft(answer.json()["uuid"])
            return draft["state"] == "previewed" and draft["rows"] == 60_000

        await until(read, within_s=60)
