"""Records of the log that a provisioner could not read, redriven: folded like any other, with one effect each."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from deploy.account_service.launch import LaunchedService
from schemas import codec
from schemas.facts import (
    AccountCreated,
    AccountRequested,
    AccountRequestMet,
    CreatedPersonal,
    ImportCancelled,
    ImportUndoStarted,
)
from services.common.database import transaction
from services.common.records import Record
from services.provisioner.intake.redriving import log_door
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.integration.provisioner.in_hand import NOW, Copy
from tests.integration.provisioner.people import person
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until

PATH = "/api/parked/provisioner/"
STRANGE = b"com.example.account-requested"
"""A type that is none of ours."""


def poisoned(fact: AccountRequested) -> codec.Encoded:
    """A request that nobody can read as long as nobody knows its type."""
    encoded = codec.encode(fact, source="test", time=NOW)
    headers = [(name, STRANGE if name == "ce_type" else value) for name, value in encoded.headers]
    return encoded._replace(headers=headers)


@pytest.fixture
def mend(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the type known."""
    return lambda: monkeypatch.setitem(codec.FACTS, STRANGE, codec.FACTS[AccountRequested.TYPE.encode()])


async def over(mari: httpx2.AsyncClient, url: str) -> dict[str, Any]:
    """A job, once it is over."""
    found: dict[str, Any] = {}

    async def look() -> bool:
        found.update((await mari.get(url)).json())
        return found["state"] in ("finished", "cancelled")

    await until(look, "the job to be over")
    return found


async def redriven(mari: httpx2.AsyncClient, **wanted: Any) -> dict[str, Any]:
    """A job about some records, once it is over."""
    ordered = await mari.post(f"{PATH}redrive/", json={"rate": 1000, **wanted})
    assert ordered.status_code == 202, ordered.text
    return await over(mari, ordered.headers["Location"])


async def test_redriven_requests_get_one_effect_each_while_others_come_in(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService, mend: Any
) -> None:
    """In two copies, with live requests for the same people: each account is made once, and every claim is answered."""
    project, early, late = project_snapshot(), uuid4(), uuid4()
    parked = [requested(project, f"p{n}@example.org", import_id=early, row=n) for n in range(1, 41)]
    live = [requested(project, f"p{n}@example.org", import_id=late, row=n) for n in range(1, 61)]

    async def all_parked() -> bool:
        return bool(await tables.fetchval("SELECT count(*) = 40 FROM parked WHERE state = 'parked'"))

    async with start() as provisioner, start(), person(tables, provisioner) as mari:
        await log.publish_raw([poisoned(fact) for fact in parked])
        await until(all_parked, "all to be parked")
        first = await redriven(mari, all=True)
        assert (first["done"], first["failed"]) == (0, 10)
        causes = (await mari.get(PATH)).json()["causes"]
        assert [(one["code"], one["records"]) for one in causes] == [("UNKNOWN_TYPE", 40)]
        assert created_for(account_service, project) == []
        mend()
        both, _ = await asyncio.gather(
            asyncio.gather(*(redriven(mari, all=True, limit=100) for _ in range(2))), log.publish(live)
        )
        assert sum(job["done"] for job in both) == 40
        assert sum(job["failed"] for job in both) == 0
        outcomes = await log.wait_for(lambda found: sum(map(len, found.values())) >= 100)
    kinds = Counter(type(fact) for facts in outcomes.values() for fact in facts)
    assert kinds == {AccountCreated: 60, AccountRequestMet: 40}
    made = created_for(account_service, project)
    assert len({effect.email for effect in made}) == len(made) == 60
    assert await tables.fetchval("SELECT count(*) FROM parked WHERE state = 'redriven' AND tries >= 1") == 40


async def park_and_redrive(ours: Copy, facts: Sequence[Any], *, times: int = 1) -> None:
    """Facts as if they had been parked, redriven so often by the door alone."""
    door = log_door(now=lambda: NOW)
    for number, fact in enumerate(facts):
        encoded = codec.encode(fact, source="test", time=NOW)
        record = Record("log", 0, 900 + number, 0, encoded.key, tuple(encoded.headers), encoded.value)
        for _ in range(times):
            entry = await door(record)
            async with transaction(ours.pool) as connection:
                await entry(connection)


async def test_folded_twice_a_record_says_what_it_said_once(ours: Copy, tables: asyncpg.Connection) -> None:
    """Accounts, work that is due, stops and releases are as after one time; nobody decides, nobody is called for."""
    project, import_id = project_snapshot(), uuid4()
    request = requested(project, "ada@example.org", import_id=import_id)
    cancelled = ImportCancelled(import_id=uuid4(), author="mari", reason="", last_row=0)
    undone = ImportUndoStarted(import_id=import_id, author="mari", reason="")
    await ours.read([requested(project, "bob@example.org", import_id=import_id, row=2)])
    await park_and_redrive(ours, [request, cancelled, undone], times=2)
    assert await tables.fetchval("SELECT count(*) FROM accounts") == 2
    chunks = await tables.fetch(
        "SELECT fresh, owner FROM work WHERE $1 = ANY(account_ids)", request.account_id
    )
    assert [(row["fresh"], row["owner"]) for row in chunks] == [(False, None)]
    assert await tables.fetchval("SELECT count(*) FROM stops") == 1
    assert await tables.fetchval("SELECT count(*) FROM releases") == 12
    assert await tables.fetchval("SELECT count(*) FROM outbox") == 0


async def test_an_outcome_that_is_older_than_the_account_changes_nothing(ours: Copy) -> None:
    """What is known stays: versions never fall."""
    project, import_id = project_snapshot(), uuid4()
    request = requested(project, "ada@example.org", import_id=import_id)
    story = [_created(request, version=1), _created(request, version=2)]
    await ours.read([request, story[1]])
    before = await ours.pool.fetchrow("SELECT * FROM accounts")
    await park_and_redrive(ours, [story[0]])
    assert await ours.pool.fetchrow("SELECT * FROM accounts") == before


async def test_no_batch_of_the_partition_goes_on_meanwhile(ours: Copy) -> None:
    """A batch with a new claim on the same person waits for the redrive, and then finds the account there."""
    project = project_snapshot()
    first = requested(project, "ada@example.org", import_id=uuid4())
    second = requested(project, "ada@example.org", import_id=uuid4())
    await ours.read([requested(project, "bob@example.org", import_id=uuid4())])
    door = log_door(now=lambda: NOW)
    encoded = codec.encode(first, source="test", time=NOW)
    entry = await door(Record("log", 0, 900, 0, encoded.key, tuple(encoded.headers), encoded.value))
    async with transaction(ours.pool) as connection:
        await entry(connection)
        reading = asyncio.create_task(ours.read([second]))
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

        async def waiting() -> bool:
            return bool(await connection.fetchval(waits))

        await until(waiting, "the batch to wait")
    await reading
    rows = await ours.pool.fetch("SELECT email, import_id FROM accounts WHERE email LIKE 'ada%'")
    assert [row["import_id"] for row in rows] == [first.claim.import_id]


def _created(request: AccountRequested, *, version: int) -> AccountCreated:
    return AccountCreated(
        account_id=request.account_id,
        account_version=version,
        claim=request.claim,
        life=1,
        series=1,
        attempt=1,
        created_at=NOW,
        personal=CreatedPersonal(username=f"ada-{version}"),
    )
