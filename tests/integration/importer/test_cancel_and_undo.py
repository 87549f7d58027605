"""Cancel and undo: what was sent is known exactly, everybody concerned is told until they confirm."""

import asyncio
from typing import Any
from uuid import UUID

from schemas.facts import AccountRequested, ImportCancelled, ImportUndoStarted, RowsSkipped
from schemas.ids import request_id
from services.common.database import open_pool
from services.common.producer import LogProducer
from services.importer.commands.errands import Errands
from services.importer.publishing.turns import Turns
from tests.integration.importer.commanding import Screen, Told
from tests.integration.importer.support import Clock, Running, Site, people, running, until
from tests.integration.importer.test_submissions import Crash, CrashingProducer, all_published


async def submitted(importer: Running, data: bytes) -> UUID:
    """An import of this file."""
    draft = await importer.preview(data)
    answer = await importer.submit(draft)
    assert answer.status_code == 202, answer.text
    return UUID(draft["uuid"])


async def facts_of(site: Site, kind: type[Any]) -> list[Any]:
    """All facts of one kind on the log."""
    return [event.fact for _, _, event in await site.events() if isinstance(event.fact, kind)]


async def test_cancel_in_the_middle_of_a_large_import(site: Site) -> None:
    """Nothing more is sent; `last_row` is the last row that was, and invalid rows are still told."""
    data = people(40_000) + b"\nnobody,x"
    told, screen = Told(), Screen()
    async with running(site, provisioner=told, read_model=screen) as importer:
        draft = await importer.preview(data)
        uuid = UUID(draft["uuid"])
        pool = await open_pool(site.dsn, name="tests", size=1, schema="importer")
        async with pool:
            submitting = asyncio.create_task(importer.submit(draft))
            async with asyncio.timeout(20):
                while not await pool.fetchval("SELECT max(sending_to) > 0 FROM imports"):
                    await asyncio.sleep(0)
            answer = await importer.client.post(
                f"/api/course-imports/{uuid}/cancel/", json={"reason": "wrong file"}
            )
        assert (await submitting).status_code == 202
        assert answer.status_code == 202
        assert set(told.stopped) == {uuid}  # said again until it is confirmed
        again = await importer.client.post(f"/api/course-imports/{uuid}/cancel/")
        assert again.status_code == 202
        screen.state = "cancelled"
        over = await importer.client.post(f"/api/course-imports/{uuid}/cancel/")
        assert (over.status_code, over.json()["code"]) == (409, "NOTHING_TO_CANCEL")
        await all_published(site)
    [cancelled] = await facts_of(site, ImportCancelled)
    rows = sorted(fact.claim.row for fact in await facts_of(site, AccountRequested))
    assert rows == list(range(1, cancelled.last_row + 1))
    assert cancelled.last_row < 40_000
    assert (cancelled.author, cancelled.reason) == ("staff", "wrong file")
    [skipped] = await facts_of(site, RowsSkipped)
    assert [row.row for row in skipped.rows] == [40_001]


async def test_a_cancel_after_a_crash_knows_what_was_sent(site: Site) -> None:
    """A step died between the log and its cursor, and another was asked for: sent again, said, and never passed."""
    async with running(site, read_model=Screen(behind=True), provisioner=Told()) as importer:
        draft = await importer.preview(people(25))
        await importer.service.tasks.cancel()
        await importer.submit(draft)
        pool = await open_pool(site.dsn, name="tests", size=2, schema="importer")
        async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
            crashing = CrashingProducer(producer, at={3, 4, 6})
            turns = Turns(pool, crashing, topic=site.log, clock=Clock(), rows_a_step=10, steps_a_turn=1)
            crashes = 0
            for _ in range(2):  # accepted and one step; a step that dies
                try:
                    await turns.take()
                except Crash:
                    crashes += 1
            answer = await importer.client.post(f"/api/course-imports/{draft['uuid']}/cancel/")
            assert answer.headers["x-read-model"] == "behind"
            while True:
                try:
                    if await turns.take() is None:
                        break
                except Crash:
                    crashes += 1
            assert crashes == 3
    cancelled = await facts_of(site, ImportCancelled)
    assert {fact.last_row for fact in cancelled} == {20}
    assert {fact.claim.row for fact in await facts_of(site, AccountRequested)} == set(range(1, 21))


async def test_undo_releases_every_claim_once_the_provisioner_can_be_reached(site: Site) -> None:
    """Recorded while nobody could be told; in the end every claim that was sent is given up, and no other."""
    told, screen = Told(reachable=False), Screen()
    async with running(site, provisioner=told, read_model=screen) as importer:
        uuid = await submitted(importer, people(30) + b"\nnobody,x")
        await all_published(site)
        undo = f"/api/course-imports/{uuid}/undo/"
        assert (await importer.client.post(f"{undo}?dry_run=1")).status_code == 503
        answer = await importer.client.post(undo, json={"reason": "course moved"})
        assert answer.status_code == 202
        assert (await importer.client.post(undo)).status_code == 202
        told.reachable = True
        counts = (await importer.client.post(f"{undo}?dry_run=1")).json()
        assert (counts["close"], counts["pending"]) == (30, 0)
        trail = (await importer.client.get("/api/audit/", params={"action": "undo_import"})).json()["results"]
        assert [entry["status"] for entry in trail] == [202, 202]

        async def all_released() -> bool:
            return len(told.released) == 30

        await until(all_released)
        assert told.stopped
        screen.state = "undone"
        over = await importer.client.post(undo)
        assert (over.status_code, over.json()["code"]) == (409, "ALREADY_UNDONE")
    assert {request for _, request in told.released} == {request_id(uuid, row, 0) for row in range(1, 31)}
    assert set(told.released.values()) == {"undo"}
    [started] = await facts_of(site, ImportUndoStarted)
    assert (started.author, started.reason) == ("staff", "course moved")
    assert len(await facts_of(site, ImportCancelled)) == 1


async def test_undo_of_a_finished_import_cancels_nothing(site: Site) -> None:
    """There is nothing to stop; and two processes walking the claims in small batches leave none out."""
    told = Told()
    async with running(site, provisioner=told, read_model=Screen(state="finished")) as importer:
        uuid = await submitted(importer, people(25))
        await all_published(site)
        refused = await importer.client.post(f"/api/course-imports/{uuid}/cancel/")
        assert (refused.status_code, refused.json()["code"]) == (409, "NOTHING_TO_CANCEL")
        await importer.service.tasks.cancel()
        await importer.client.post(f"/api/course-imports/{uuid}/undo/")
        pool = await open_pool(site.dsn, name="tests", size=3, schema="importer")
        async with pool, LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
            turns = Turns(pool, producer, topic=site.log, clock=Clock())
            while await turns.take() is not None:
                pass
            errands = [Errands(pool, told, clock=Clock(), claims_a_call=4) for _ in range(2)]
            while not await pool.fetchval("SELECT released_at IS NOT NULL FROM undos"):
                await asyncio.gather(*[each.step() for each in errands])
    assert {request for _, request in told.released} == {request_id(uuid, row, 0) for row in range(1, 26)}
    assert (told.stopped, await facts_of(site, ImportCancelled)) == ([], [])


async def test_unknown_imports_are_not_found(site: Site) -> None:
    """Neither a draft nor nothing at all can be cancelled or undone."""
    async with running(site, provisioner=Told(), read_model=Screen()) as importer:
        draft = await importer.preview(people(1))
        for what in ("cancel", "undo"):
            answer = await importer.client.post(f"/api/course-imports/{draft['uuid']}/{what}/")
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
