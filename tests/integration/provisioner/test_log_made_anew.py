"""A log that was deleted and made anew, longer than before: the provisioner stops loudly, and calls nobody for it."""

from uuid import uuid4

import asyncpg

from deploy.account_service.launch import LaunchedService
from schemas.facts import AccountCreated
from services.common.records import LogDamaged
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.support.log import Log, project_snapshot, requested
from tests.support.topics import Topics
from tests.support.way_out import way_out


async def test_a_longer_log_is_not_taken_for_the_old_one(
    start: Start,
    log: Log,
    tables: asyncpg.Connection,
    account_service: LaunchedService,
    topic_factory: Topics,
) -> None:
    """Given accounts that were made, when their log is replaced by another, then nothing of it is done.

    After what the operators' page says to do, all of it is.
    """
    old, new = project_snapshot(), project_snapshot()
    async with start():
        await log.publish([requested(old, "ann@example.org", import_id=uuid4())])
        await log.wait_for(lambda found: any(isinstance(f[-1], AccountCreated) for f in found.values()))
    before = await tables.fetch("SELECT topic, partition, next_offset FROM positions ORDER BY 2")
    await topic_factory.again(log.topic, 12)
    await log.publish([requested(new, f"p{n}@example.org", import_id=uuid4()) for n in range(100)])
    async with start() as provisioner:
        reason = await provisioner.tasks.fatal()
    assert isinstance(reason, LogDamaged)
    assert f"{log.topic}/" in str(reason)
    assert "made anew" in str(reason)
    assert created_for(account_service, new) == []
    assert await tables.fetch("SELECT topic, partition, next_offset FROM positions ORDER BY 2") == before
    await tables.execute(way_out("provisioner"))
    async with start():
        await log.wait_for(
            lambda found: sum(isinstance(f[-1], AccountCreated) for f in found.values()) == 100
        )
    assert len(created_for(account_service, new)) == 100
    assert len(created_for(account_service, old)) == 1
