"""Correcting rows: another revision, once, of rows that failed or could not be taken, and of no others."""

import asyncio
from uuid import UUID

from schemas.facts import AccountRequested
from schemas.ids import account_id, request_id
from tests.integration.importer.commanding import Screen, Told
from tests.integration.importer.support import COURSE, KnownAccounts, Site, running, until
from tests.integration.importer.test_cancel_and_undo import facts_of, submitted
from tests.integration.importer.test_submissions import all_published

FILE = b"email,description\nada@example.org,one\nnobody,two\nbob@example.org,three\n"
_PENDING, _OK, _ERRED = 1, 2, 3


def account(email: str) -> UUID:
    """The account of an address in the course."""
    return account_id(COURSE.project_id, email)


async def test_failed_and_invalid_rows_are_corrected(site: Site) -> None:
    """Each correction is one more request with its own id; another address releases the claim on the old one."""
    known = KnownAccounts()
    told = Told()
    async with running(site, existing=known, provisioner=told, read_model=Screen()) as importer:
        uuid = await submitted(importer, FILE)
        await all_published(site)
        known.known = {account("ada@example.org"): _ERRED, account("bob@example.org"): _OK}
        rows = f"/api/course-imports/{uuid}/rows"

        fine = await importer.client.patch(f"{rows}/3/", json={"email": "robert@example.org"})
        assert (fine.status_code, fine.json()["code"]) == (409, "ROW_NOT_FAILED")
        taken = await importer.client.patch(f"{rows}/1/", json={"email": "BOB@example.org"})
        assert (taken.status_code, taken.json()["code"], taken.json()["row"]) == (409, "ADDRESS_TAKEN", 3)
        bad = await importer.client.patch(f"{rows}/1/", json={"email": "still bad"})
        assert bad.status_code == 400
        assert "email" in bad.json()["errors"]
        same = await importer.client.patch(f"{rows}/1/", json={})
        assert (same.status_code, same.json()["code"]) == (400, "NOTHING_CHANGED")
        assert (await importer.client.patch(f"{rows}/9/", json={})).status_code == 404

        answer = await importer.client.patch(f"{rows}/1/", json={"email": "ada.l@example.org"})
        assert (answer.status_code, "x-read-model" in answer.headers) == (200, False)
        row = answer.json()
        assert (row["email"], row["description"], row["revision"], row["class"]) == (
            "ada.l@example.org",
            "one",
            1,
            "pending",
        )
        assert row["account_uuid"] == account("ada.l@example.org").hex
        assert (
            await importer.client.patch(f"{rows}/2/", json={"email": "cy@example.org"})
        ).status_code == 200

        async def released() -> bool:
            return bool(told.released)

        await until(released)
        assert told.released == {(account("ada@example.org"), request_id(uuid, 1, 0)): "correction"}

        # What was corrected may fail again, and its old address is free for others.
        known.known[account("ada.l@example.org")] = _ERRED
        again = await importer.client.patch(f"{rows}/1/", json={"description": "uno"})
        assert again.json()["revision"] == 2

        # An undo gives all of it up; after it nothing is corrected.
        await importer.client.post(f"/api/course-imports/{uuid}/undo/")
        late = await importer.client.patch(f"{rows}/1/", json={"description": "eins"})
        assert (late.status_code, late.json()["code"]) == (409, "IMPORT_UNDONE")

        async def all_released() -> bool:
            return len(told.released) == 5

        await until(all_released)
    asked = {fact.event_id: fact for fact in await facts_of(site, AccountRequested)}
    assert set(told.released) == {(fact.account_id, fact.event_id) for fact in asked.values()}
    assert {
        (f.claim.row, f.claim.revision, f.personal.email, f.personal.description) for f in asked.values()
    } == {
        (1, 0, "ada@example.org", "one"),
        (3, 0, "bob@example.org", "three"),
        (1, 1, "ada.l@example.org", "one"),
        (2, 1, "cy@example.org", "two"),
        (1, 2, "ada.l@example.org", "uno"),
    }


async def test_two_people_correct_the_same_row(site: Site) -> None:
    """One wins, the other is told; the row is asked for once more, not twice."""
    async with running(site, provisioner=Told(), read_model=Screen()) as importer:
        uuid = await submitted(importer, FILE)
        await all_published(site)
        answers = await asyncio.gather(
            *[
                importer.client.patch(
                    f"/api/course-imports/{uuid}/rows/2/", json={"email": f"{who}@example.org"}
                )
                for who in ("cy", "cyril")
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert next(a.json()["code"] for a in answers if a.status_code == 409) in {
            "ROW_CHANGED",
            "ROW_NOT_FAILED",
        }
    revised = [fact for fact in await facts_of(site, AccountRequested) if fact.claim.revision]
    assert [(fact.claim.row, fact.claim.revision) for fact in revised] == [(2, 1)]


async def test_nothing_is_corrected_in_a_cancelled_import(site: Site) -> None:
    """What was stopped stays stopped; and without the provisioner nobody says that a row failed."""
    known = KnownAccounts()
    async with running(site, existing=known, provisioner=Told(), read_model=Screen()) as importer:
        uuid = await submitted(importer, FILE)
        await all_published(site)
        known.reachable = False
        patch = {"email": "ada.l@example.org"}
        unknown = await importer.client.patch(f"/api/course-imports/{uuid}/rows/1/", json=patch)
        assert unknown.status_code == 503
        await importer.client.post(f"/api/course-imports/{uuid}/cancel/")
        refused = await importer.client.patch(f"/api/course-imports/{uuid}/rows/2/", json=patch)
        assert (refused.status_code, refused.json()["code"]) == (409, "IMPORT_CANCELLED")
