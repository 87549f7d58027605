"""Tables that were lost, leases of the dead, several copies: nothing is lost, and nothing has a second effect."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.account_service.launch import LaunchedService
from schemas.facts import AccountCreated, AccountFact, AccountRequested
from services.common.records import PositionLost
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.support.emptying import empty
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until

_ALL = "positions, accounts, work, outbox, parked"


def _requests(count: int) -> list[AccountRequested]:
    project, import_id = project_snapshot(), uuid4()
    return [
        requested(project, f"p{row}@example.org", import_id=import_id, row=row) for row in range(1, count + 1)
    ]


def _all_created(outcomes: dict[UUID, list[AccountFact]], count: int) -> bool:
    return sum(isinstance(facts[-1], AccountCreated) for facts in outcomes.values()) == count


async def test_emptied_tables_heal_from_the_log_without_a_word(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """After everything is done the tables are emptied: reading again restores them, calls nobody, says nothing."""
    facts = _requests(300)
    async with start():
        await log.publish(facts)
        await log.wait_for(lambda found: _all_created(found, 300))
    before = await tables.fetch("SELECT account_id, version, state, username FROM accounts ORDER BY 1")
    said = len(await log.events())
    await empty(tables, _ALL)

    async with start() as provisioner:
        await until(lambda: _healed(tables, 300), "the tables to be healed")
        # One more request after the healing: whatever the provisioner still had to do comes before its outcome.
        last = requested(facts[0].project, "last@example.org", import_id=uuid4())
        await log.publish([last])
        await log.wait_for(lambda found: _all_created(found, 301))
        await provisioner.tasks.check()
    after = await tables.fetch(
        "SELECT account_id, version, state, username FROM accounts WHERE account_id = ANY($1) ORDER BY 1",
        [row["account_id"] for row in before],
    )
    assert after == before
    assert len(created_for(account_service, last.project)) == 301
    assert len(await log.events()) == said + 2


async def test_tables_emptied_in_the_middle_heal(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """Emptied while rows are under way: the process heals or stops loudly, a new one finishes, one effect each."""
    facts = _requests(600)

    started = asyncio.Event()

    async def supervised() -> None:
        while True:
            async with start(concurrency=4) as provisioner:
                started.set()
                reason = await provisioner.tasks.fatal()
                assert isinstance(reason, PositionLost)

    running = asyncio.create_task(supervised())
    await started.wait()
    await log.publish(facts)
    await until(lambda: _some_done(tables), "some outcomes")
    await empty(tables, _ALL)
    outcomes = await log.wait_for(lambda found: _all_created(found, 600), within_s=60)
    await until(lambda: _healed(tables, 600), "the tables to be healed")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(created_for(account_service, facts[0].project)) == 600
    assert all([f.account_version for f in facts] == [1] for facts in outcomes.values())


async def test_work_of_a_dead_process_is_taken_over(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """A chunk leased by a process that died mid-way is finished by the next one when the lease has run out."""
    facts = _requests(20)
    async with start():
        await log.publish(facts)
        await log.wait_for(lambda found: _all_created(found, 20))
    # As after a kill between the intake's commit and the first outcome: pending, and in dead hands.
    await tables.execute("UPDATE accounts SET state = 1, version = 0, attempt = 0, username = NULL")
    await tables.execute(
        """INSERT INTO work (chunk_id, partition, project_id, import_id, due_at, owner, lease_until, account_ids)
           SELECT gen_random_uuid(), partition, project_id, import_id, $1, gen_random_uuid(), $2, array_agg(account_id)
           FROM accounts GROUP BY partition, project_id, import_id""",
        datetime.now(UTC),
        datetime.now(UTC) + timedelta(seconds=1),
    )
    async with start():
        await until(lambda: _healed(tables, 20), "the accounts to be made")
        # What the log said already heals without a claim: the chunk itself goes when its lease has run out.
        await until(lambda: _nothing_queued(tables), "the work to be taken over")
    assert len(created_for(account_service, facts[0].project)) == 20


async def test_two_copies_share_the_work(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """Two copies, one of which leaves in the middle: all rows are done, each once, in ascending versions."""
    facts = _requests(500)
    async with start():
        async with start(concurrency=4):
            await log.publish(facts[:250])
            await until(lambda: _some_done(tables), "some outcomes")
            await log.publish(facts[250:])
        outcomes = await log.wait_for(lambda found: _all_created(found, 500), within_s=60)
    assert all([f.account_version for f in facts] == [1] for facts in outcomes.values())
    assert len(created_for(account_service, facts[0].project)) == 500


async def _nothing_queued(tables: asyncpg.Connection) -> bool:
    return not await tables.fetchval("SELECT count(*) FROM work")


async def _some_done(tables: asyncpg.Connection) -> bool:
    return bool(await tables.fetchval("SELECT count(*) FROM accounts WHERE state = 2"))


async def _healed(tables: asyncpg.Connection, count: int) -> bool:
    return bool(await tables.fetchval("SELECT count(*) FROM accounts WHERE state = 2") >= count)
