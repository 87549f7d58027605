"""Retry and close of one account over HTTP: from every state, repeated, unknown, and while nobody looks after it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import asyncpg

from schemas.facts import AccountClosed, AccountCloseRequested, AccountCreated, AccountRetried
from services.provisioner.account import Closed, Closing, Erred, Ok, Pending, Standing, Unwanted
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.people import ACCOUNTS, person, remember
from tests.support.log import Log, project_snapshot, requested

STANDINGS: dict[str, tuple[Standing, str | None]] = {
    "pending": (Pending(), "ACCOUNT_PENDING"),
    "pending, unknown": (
        Pending(2, datetime(2099, 1, 1, tzinfo=UTC), "TARGET_UNCERTAIN", True),
        "ACCOUNT_PENDING",
    ),
    "ok": (Ok("ada"), "ACCOUNT_OK"),
    "erred": (Erred("REFUSED", 1, effect_unknown=False), None),
    "erred, unknown": (Erred("OUTCOME_UNKNOWN", 12, effect_unknown=True), None),
    "closing": (Closing("ada", 1, datetime(2099, 1, 1, tzinfo=UTC), "CLOSE_UNREACHABLE"), "ACCOUNT_CLOSING"),
    "close failed": (Closing("ada", 3, None, "CLOSE_REFUSED"), "CLOSE_GIVEN_UP"),
    "closed": (Closed(), "ACCOUNT_CLOSED"),
    "unwanted": (Unwanted(), "ACCOUNT_CLOSED"),
}
"""By name: how an account stands, and why it cannot be retried."""


async def test_every_state_answers_a_retry_and_a_close(
    start: Start, log: Log, tables: asyncpg.Connection
) -> None:
    """Retried only what has failed, else 409 with the code; closed whatever stands somehow, with its phase."""
    project, import_id = project_snapshot(), uuid4()
    requests = [
        requested(project, f"p{row}@example.org", import_id=import_id, row=row)
        for row in range(1, 2 * len(STANDINGS) + 1)
    ]
    async with start() as provisioner, person(tables, provisioner) as mari:
        ids = await remember(provisioner, requests, [s for s, _ in STANDINGS.values()] * 2)
        told: dict[str, Any] = {}
        for account_id, (name, (_, conflict)) in zip(ids, STANDINGS.items(), strict=False):
            answer = await mari.post(f"{ACCOUNTS}/{account_id.hex}/retry/")
            body = told[name] = answer.json()
            if conflict is None:
                assert (answer.status_code, body["state"], body["phase"]) == (202, "Pending", "queued"), name
                assert (body["error_message"], body["uuid"]) == ("", account_id.hex)
                assert body["url"] == f"http://front.example{ACCOUNTS}/{account_id.hex}/"
            else:
                assert (answer.status_code, body["code"]) == (409, conflict), name
                assert answer.headers["content-type"] == "application/problem+json"
                assert body["detail"]
        closed = {}
        for account_id, name in zip(ids[len(STANDINGS) :], STANDINGS, strict=True):
            answer = await mari.delete(f"{ACCOUNTS}/{account_id}")
            assert answer.status_code == 202, (name, answer.text)
            closed[name] = (answer.json()["state"], answer.json()["phase"])
            again = await mari.delete(f"{ACCOUNTS}/{account_id}/")
            assert again.status_code == 202, (name, again.text)
        assert closed["erred"] == closed["closed"] == closed["unwanted"] == ("Closed", None)
        assert {closed[name][1] for name in closed} - {None} == {"closing"}
        outcomes = await log.wait_for(
            lambda found: (
                isinstance(found.get(ids[3], [None])[-1], AccountCreated)
                and isinstance(found.get(ids[len(STANDINGS) + 2], [None])[-1], AccountClosed)
            )
        )
    retry, close = outcomes[ids[3]][0], outcomes[ids[len(STANDINGS) + 2]][0]
    assert isinstance(retry, AccountRetried)
    assert (retry.asked_by, retry.author, retry.series) == ("person", "mari", 2)
    assert isinstance(close, AccountCloseRequested)
    assert (close.cause, close.author) == ("request", "mari")
    assert [type(f) for f in outcomes[ids[len(STANDINGS) + 3]]] == [AccountClosed]


async def test_what_is_asked_must_make_sense(start: Start, tables: asyncpg.Connection) -> None:
    """Unknown accounts, courses that are over, bodies not as agreed, nobody signed in: problems, never traces."""
    project = project_snapshot(end_date=date(2020, 1, 1))
    over = requested(project, "late@example.org", import_id=uuid4())
    async with start() as provisioner, person(tables, provisioner) as mari:
        (account_id,) = await remember(provisioner, [over], [Erred("REFUSED", 1, effect_unknown=False)])
        path = f"{ACCOUNTS}/{account_id}/retry"
        keyed: dict[str, Any] = {"json": {"reason": "fixed\x00"}, "headers": {"Idempotency-Key": "k"}}
        answer = await mari.post(path, **keyed)
        assert (answer.status_code, answer.json()["code"]) == (409, "COURSE_ENDED")
        # Under the same key the answer stays, whatever has changed since; also if only the job is left of it.
        await tables.execute("UPDATE accounts SET course_ends = '2099-01-01'")
        assert (await mari.post(path, **keyed)).headers["idempotent-replayed"] == "true"
        await tables.execute("DELETE FROM access.idempotency")
        assert (await mari.post(path, **keyed)).status_code == 409
        for uuid in (uuid4().hex, "nonsense"):
            assert (await mari.post(f"{ACCOUNTS}/{uuid}/retry/")).status_code == 404
        for content, status in ((b"[", 400), (b'{"reason": 1}', 400), (b" " * 20_000, 413), (b"\xff", 400)):
            bad = await mari.post(path, content=content)
            assert (bad.status_code, "Traceback" in bad.text) == (status, False)
        assert (
            await mari.delete(f"{ACCOUNTS}/{account_id}/", headers={"Authorization": "Token no"})
        ).status_code == 401
        assert (await mari.post(path)).status_code == 202
