"""Facts that only a newer version knows: passed over, counted, and taken up after the upgrade."""

from uuid import uuid4

import asyncpg
import pytest

from deploy.account_service.launch import LaunchedService
from schemas import codec
from schemas.facts import AccountCreated, AccountRequested
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until


async def test_what_an_older_version_passed_over_is_done_after_the_upgrade(
    start: Start,
    log: Log,
    tables: asyncpg.Connection,
    account_service: LaunchedService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given requests that this version cannot read, when one that can starts, then each is done, once."""
    project, import_id = project_snapshot(), uuid4()
    facts = [requested(project, f"p{row}@example.org", import_id=import_id, row=row) for row in range(1, 41)]
    before, news = facts[:20], facts[20:]
    async with start():
        await log.publish(before)
        await log.wait_for(lambda found: sum(isinstance(f[-1], AccountCreated) for f in found.values()) == 20)

    with monkeypatch.context() as older:
        older.delitem(codec.FACTS, AccountRequested.TYPE.encode())
        async with start() as provisioner:
            await log.publish(news)
            await until(lambda: _passed_over(tables, 20), "all new ones to be passed over")
            await provisioner.tasks.check()
    assert await tables.fetchval("SELECT count(*) FROM parked") == 0
    assert len(created_for(account_service, project)) == 20

    async with start():
        await log.wait_for(lambda found: sum(isinstance(f[-1], AccountCreated) for f in found.values()) == 40)
    assert not await _passed_over(tables, 1)
    assert len(created_for(account_service, project)) == 40
    assert await tables.fetchval("SELECT count(*) FROM accounts") == 40


async def _passed_over(tables: asyncpg.Connection, at_least: int) -> bool:
    """Whether so many records of the type are kept by where they lie."""
    found = await tables.fetchval(
        "SELECT coalesce(sum(records), 0) FROM unknown_types WHERE type = $1", AccountRequested.TYPE
    )
    return bool(found >= at_least)
