"""Undoing an import: what it alone wants is closed, what others use is kept, and what cannot be closed is said."""

import asyncio
from collections import Counter
from uuid import uuid4

import asyncpg
import pytest

from deploy.account_service.launch import LaunchedService
from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFailed,
    AccountKept,
    AccountRequested,
    AccountRetried,
    ImportUndoStarted,
)
from services.common.records import PositionLost
from tests.integration.provisioner.commands import ask, claims, faults, foretell, release
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import closed_for, created_for
from tests.support.emptying import empty
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until


def _requests(count: int, *special: str) -> list[AccountRequested]:
    project, import_id = project_snapshot(), uuid4()
    emails = [*special, *(f"p{n}@example.org" for n in range(count))]
    return [requested(project, email, import_id=import_id, row=n) for n, email in enumerate(emails, 1)]


async def test_an_undo_closes_keeps_and_says_what_it_cannot(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """Foretold, done, repeated without another word; a person asked for again afterwards begins a new life."""
    mine = _requests(30, "unclosable+1@example.org", "refused+1@example.org")
    project, import_id = mine[0].project, mine[0].claim.import_id
    theirs = [requested(project, f"p{n}@example.org", import_id=uuid4()) for n in range(5)]
    again = requested(project, "p29@example.org", import_id=uuid4())
    async with start() as provisioner:
        await log.publish(mine)
        await log.wait_for(
            lambda found: sum(isinstance(f[-1], AccountCreated | AccountFailed) for f in found.values()) == 32
        )
        await log.publish(theirs)
        await log.wait_for(lambda found: sum(map(len, found.values())) == 37)
        body = claims(mine)
        assert await foretell(provisioner, import_id, body) == {
            "close": 26,
            "kept": 5,
            "nothing": 1,
            "pending": 0,
        }
        assert await release(provisioner, import_id, body) == 32
        outcomes = await log.wait_for(
            lambda found: _last(found)[AccountClosed] == 25 and _given_up(found) == 1
        )
        said = len(await log.events())
        assert await release(provisioner, import_id, body) == 32
        await log.publish([again])
        await log.wait_for(lambda found: isinstance(found[again.account_id][-1], AccountCreated))
        outcomes = await log.wait_for(lambda found: _last(found)[AccountClosed] == 24)
        # The request, and what became of it: nothing more was said.
        assert len(await log.events()) == said + 3
    assert [type(f) for f in outcomes[again.account_id]] == [
        AccountCreated,
        AccountCloseRequested,
        AccountClosed,
        AccountRetried,
        AccountCreated,
    ]
    assert _last(outcomes)[AccountKept] == 5
    failures = [f for f in outcomes[mine[0].account_id] if isinstance(f, AccountCloseFailed)]
    assert {f.code for f in failures} == {"CLOSE_REFUSED"}
    assert [f.attempt for f in failures] == [1, 2, 3]
    assert set(Counter(closed_for(account_service, project)).values()) == {1}
    assert len(closed_for(account_service, project)) == 25


async def test_a_correction_closes_what_was_never_made_without_a_call(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """A refused person's row was corrected; one whose outcome nobody knows is looked for, and closed if it is ours."""
    mine = _requests(0, "refused+1@example.org", "p1@example.org")
    project, import_id = mine[0].project, mine[0].claim.import_id
    async with start() as provisioner:
        await log.publish(mine[:1])
        await log.wait_for(lambda found: _last(found)[AccountFailed] == 1)
        async with faults(account_service, error_after=1.0):
            await log.publish(mine[1:])
            await log.wait_for(lambda found: _last(found)[AccountFailed] == 2)
        await release(provisioner, import_id, claims(mine, "correction"))
        outcomes = await log.wait_for(lambda found: _last(found)[AccountClosed] == 2)
    refused, unknown = (outcomes[r.account_id] for r in mine)
    assert [type(f) for f in refused[-2:]] == [AccountFailed, AccountClosed]
    assert [type(f) for f in unknown[-2:]] == [AccountCloseRequested, AccountClosed]
    assert closed_for(account_service, project) == ["p1@example.org"]


async def test_tables_emptied_in_the_middle_of_an_undo_heal(
    start: Start, log: Log, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """What was not yet decided follows from the undo on the log; everything is closed, once."""
    mine = _requests(200)
    project, import_id = mine[0].project, mine[0].claim.import_id
    running = asyncio.Event()

    async def supervised() -> None:
        while True:
            async with start(concurrency=2) as provisioner:
                if not running.is_set():
                    await log.publish(mine)
                    await log.wait_for(lambda found: _last(found)[AccountCreated] == 200)
                    await log.publish([ImportUndoStarted(import_id=import_id, author="manager")])
                    await release(provisioner, import_id, claims(mine[:100]))
                    running.set()
                assert isinstance(await provisioner.tasks.fatal(), PositionLost)

    supervisor = asyncio.create_task(supervised())
    await running.wait()
    await until(lambda: _some_closed(tables), "the first closed accounts")
    await empty(tables, "positions, accounts, work, outbox, parked, stops, releases")
    await log.wait_for(lambda found: _last(found)[AccountClosed] == 200, within_s=60)
    supervisor.cancel()
    with pytest.raises(asyncio.CancelledError):
        await supervisor
    assert Counter(closed_for(account_service, project)) == {r.personal.email: 1 for r in mine}
    assert len(created_for(account_service, project)) == 200


async def test_commands_are_bounded_and_checked(start: Start) -> None:
    """Too much, nonsense, nothing: each is refused or accepted in the agreed words."""
    import_id = uuid4().hex
    pair = [uuid4().hex, uuid4().hex]
    async with start() as provisioner:
        too_many = {"author": "a", "cause": "undo", "claims": [pair] * 10_001}
        await ask(provisioner, f"{import_id}/release/", too_many, status=400)
        await ask(provisioner, f"{import_id}/release/", {"claims": []}, status=400)
        await ask(provisioner, f"{import_id}/stop/", {"author": 7}, status=400)
        unknown = {"author": "a", "cause": "undo", "claims": [pair]}
        assert (await foretell(provisioner, uuid4(), unknown))["nothing"] == 1
        assert await release(provisioner, uuid4(), unknown) == 1


def _last(outcomes: object) -> Counter[type]:
    assert isinstance(outcomes, dict)
    return Counter(type(facts[-1]) for facts in outcomes.values())


def _given_up(outcomes: object) -> int:
    assert isinstance(outcomes, dict)
    last = [facts[-1] for facts in outcomes.values()]
    return sum(isinstance(f, AccountCloseFailed) and f.next_attempt_at is None for f in last)


async def _some_closed(tables: asyncpg.Connection) -> bool:
    return bool(await tables.fetchval("SELECT count(*) > 0 FROM accounts WHERE state = 5"))
