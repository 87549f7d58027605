"""Stopping an import: what has not started never does, others go on, and no effect is without its word on the log."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID, uuid4

import asyncpg

from deploy.account_service.launch import LaunchedService
from schemas.facts import (
    AccountClosed,
    AccountCreated,
    AccountFact,
    AccountRequestCancelled,
    AccountRequested,
    ImportCancelled,
    ProjectSnapshot,
)
from tests.integration.provisioner.commands import claims, faults, release, stop
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import closed_for, created_for
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until

Outcomes = dict[UUID, list[AccountFact]]


def rows(project: ProjectSnapshot, import_id: UUID, numbers: Sequence[int]) -> list[AccountRequested]:
    """Requests of an import, a person a row."""
    return [requested(project, f"p{row}@example.org", import_id=import_id, row=row) for row in numbers]


def ended(outcomes: Outcomes, requests: Sequence[AccountRequested]) -> bool:
    """Whether each has its created account or was cancelled."""
    last = [outcomes.get(r.account_id, [None])[-1] for r in requests]
    return all(isinstance(fact, AccountCreated | AccountRequestCancelled) for fact in last)


def endings(outcomes: Outcomes, requests: Sequence[AccountRequested]) -> Counter[type[AccountFact]]:
    """How many ended how."""
    return Counter(type(outcomes[r.account_id][-1]) for r in requests)


async def test_a_stop_ends_what_waits_and_what_comes_later(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """Told to one of two copies in the middle: the rest is cancelled, another import goes on; then it is undone."""
    project, stopped, other = project_snapshot(), uuid4(), uuid4()
    early = rows(project, stopped, range(1, 801))
    late = rows(project, stopped, range(801, 851))
    others = rows(project, other, range(901, 941))
    async with (
        faults(account_service, latency_ms=40, arrays=False),
        start(concurrency=4) as one,
        start(concurrency=4),
    ):
        await log.publish(early)
        await until(lambda: _made(tables, 8), "some accounts")
        await stop(one, stopped)
        await log.publish([*others, *late])
        outcomes = await log.wait_for(lambda found: ended(found, [*early, *late, *others]))
        assert await release(one, stopped, claims([*early, *late])) == 850
        await log.wait_for(
            lambda found: endings(found, early)[AccountClosed] == endings(outcomes, early)[AccountCreated]
        )
    assert endings(outcomes, late) == {AccountRequestCancelled: 50}
    assert endings(outcomes, others) == {AccountCreated: 40}
    assert endings(outcomes, early)[AccountRequestCancelled] > 600
    made = Counter(effect.email for effect in created_for(account_service, project))
    assert set(made.values()) == {1}
    assert len(closed_for(account_service, project)) == len(made) - 40
    assert len(made) == sum(isinstance(facts[-1], AccountCreated) for facts in outcomes.values())
    assert await tables.fetchval("SELECT count(*) FROM work") == 0


async def test_a_stop_does_not_wait_for_the_account_service(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """While nobody answers there every row is cancelled, also those at the gate and those to be tried again."""
    project, stopped = project_snapshot(), uuid4()
    requests = rows(project, stopped, range(1, 301))
    async with faults(account_service, down="unavailable", retry_after_seconds=60), start() as provisioner:
        await log.publish(requests)
        await log.wait_for(lambda found: bool(found))  # some were tried, and are to be tried again
        await stop(provisioner, stopped)
        outcomes = await log.wait_for(lambda found: ended(found, requests))
    assert endings(outcomes, requests) == {AccountRequestCancelled: 300}
    assert created_for(account_service, project) == []


async def test_the_follower_inherits(start: Start, log: Log, account_service: LaunchedService) -> None:
    """Two imports ask for the same people while nobody answers: the first is stopped, the second gets them all."""
    project, stopped, heir = project_snapshot(), uuid4(), uuid4()
    first = rows(project, stopped, range(1, 41))
    second = rows(project, heir, range(1, 21))
    async with start() as provisioner:
        async with faults(account_service, down="closed"):
            await log.publish(first)
            await log.publish(second)
            await log.wait_for(lambda found: sum(len(facts) for facts in found.values()) >= 20)
            await stop(provisioner, stopped)
            await log.wait_for(lambda found: _cancelled(found) == 40)
        outcomes = await log.wait_for(lambda found: endings(found, first)[AccountCreated] == 20)
    assert endings(outcomes, first) == {AccountCreated: 20, AccountRequestCancelled: 20}
    made = [facts[-1] for facts in outcomes.values() if isinstance(facts[-1], AccountCreated)]
    assert {fact.claim.import_id for fact in made} == {heir}
    assert len(created_for(account_service, project)) == 20


async def test_work_of_a_dead_process_is_looked_for_before_it_is_cancelled(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """Whoever held it may have called: what was made counts as created, the rest is cancelled; nothing is made anew."""
    project, stopped = project_snapshot(), uuid4()
    requests = rows(project, stopped, range(1, 31))
    async with start():
        await log.publish(requests[:10])
        await log.wait_for(lambda found: ended(found, requests[:10]))
    # As after a kill between the calls and their outcomes: made, but pending; and twenty that were never called for.
    await tables.execute("UPDATE accounts SET state = 1, version = 0, attempt = 0, username = NULL")
    async with faults(account_service, down="closed"), start():
        await log.publish(requests[10:])
        await until(lambda: _known(tables, 30), "all requests")
    await tables.execute("UPDATE accounts SET state = 1, version = 0, attempt = 0, code = NULL")
    await tables.execute("TRUNCATE work, outbox")
    await tables.execute(
        """INSERT INTO work (chunk_id, partition, project_id, import_id, due_at, fresh, account_ids)
           SELECT gen_random_uuid(), partition, project_id, import_id, now(), false, array_agg(account_id)
           FROM accounts GROUP BY partition, project_id, import_id"""
    )
    await tables.execute("INSERT INTO stops VALUES ($1, 'manager', '')", stopped)
    async with start():
        await until(lambda: _settled(tables), "the end of all doubt")
    assert len(created_for(account_service, project)) == 10
    states = {row["state"]: row["n"] for row in await tables.fetch(_STATES)}
    assert states == {2: 10, 6: 20}


async def test_tables_emptied_after_a_stop_heal_and_stay_stopped(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """The cancel is read from the log: nobody who was cancelled gets an account, whoever comes later neither."""
    project, stopped = project_snapshot(), uuid4()
    requests = rows(project, stopped, range(1, 201))
    cancel = ImportCancelled(import_id=stopped, author="manager", last_row=200)
    async with faults(account_service, latency_ms=40, arrays=False), start(concurrency=2):
        await log.publish(requests[:150])
        await until(lambda: _made(tables, 4), "some accounts")
        await log.publish([cancel])
        await until(lambda: _stopped(tables), "the stop")
    await tables.execute("TRUNCATE positions, accounts, work, outbox, parked, stops, releases")
    async with start():
        await log.publish(requests[150:])
        outcomes = await log.wait_for(lambda found: ended(found, requests))
    said = endings(outcomes, requests)
    assert said[AccountRequestCancelled] > 150
    assert len(created_for(account_service, project)) == said[AccountCreated]


_STATES = "SELECT state, count(*) AS n FROM accounts GROUP BY state"


def _cancelled(outcomes: Outcomes) -> int:
    return sum(isinstance(fact, AccountRequestCancelled) for facts in outcomes.values() for fact in facts)


async def _made(tables: asyncpg.Connection, least: int) -> bool:
    return bool(await tables.fetchval("SELECT count(*) >= $1 FROM accounts WHERE state = 2", least))


async def _known(tables: asyncpg.Connection, count: int) -> bool:
    return bool(await tables.fetchval("SELECT count(*) = $1 FROM accounts", count))


async def _settled(tables: asyncpg.Connection) -> bool:
    return bool(await tables.fetchval("SELECT count(*) = 0 FROM accounts WHERE state = 1"))


async def _stopped(tables: asyncpg.Connection) -> bool:
    return bool(await tables.fetchval("SELECT count(*) = 1 FROM stops"))
