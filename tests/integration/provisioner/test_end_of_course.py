"""The end of a course, with the real clock: what exists is closed, what is being made fails, an extension wins."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.account_service.launch import LaunchedService
from schemas.facts import (
    AccountClosed,
    AccountCloseRequested,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountRetried,
)
from services.provisioner.retry import RetryPolicy, Rule
from tests.integration.provisioner.commands import faults
from tests.integration.provisioner.conftest import QUICK, Start
from tests.integration.provisioner.courses import course, publish, report
from tests.integration.provisioner.effects import closed_for, created_for
from tests.integration.provisioner.people import ACCOUNTS, person
from tests.support.log import Log, project_snapshot, requested
from tests.support.topics import Topics
from tests.support.waiting import until

Outcomes = Mapping[UUID, list[AccountFact]]
SOON = timedelta(seconds=2)
AN_HOUR = RetryPolicy({**QUICK.rules, "TARGET_UNCERTAIN": Rule(first=3600, cap=3600)})


@pytest.fixture
async def projects(topic_factory: Topics) -> str:
    """A topic of projects that only this test uses."""
    return await topic_factory(2, name="projects", config={"cleanup.policy": "compact"})


def _now() -> datetime:
    return datetime.now(UTC)


async def test_a_course_that_ends_is_closed_to_the_last_account(
    start: Start, log: Log, projects: str, tables: asyncpg.Connection, account_service: LaunchedService
) -> None:
    """Made ones are closed; one in doubt fails, is found and closed; one that cannot be closed is in the report."""
    project, import_id = project_snapshot(), uuid4()
    emails = [f"p{n}@example.org" for n in range(20)]
    made = [requested(project, e, import_id=import_id, row=n) for n, e in enumerate(emails, 1)]
    stuck = requested(project, "unclosable+1@example.org", import_id=import_id, row=21)
    refused = requested(project, "refused+1@example.org", import_id=import_id, row=22)
    doubtful = requested(project, "doubtful@example.org", import_id=import_id, row=23)
    late = requested(project, "late@example.org", import_id=import_id, row=24)
    async with (
        start(projects_topic=projects, policy=AN_HOUR) as provisioner,
        person(tables, provisioner) as me,
    ):
        await log.publish([*made, stuck, refused])
        await log.wait_for(lambda found: _last(found)[AccountCreated, AccountFailed] == 22)
        async with faults(account_service, error_after=1.0):
            await log.publish([doubtful])
            await log.wait_for(lambda found: doubtful.account_id in found)
        ends = _now() + SOON
        await publish(log.bootstrap, projects, course(project, ends), now=_now())
        outcomes = await log.wait_for(lambda found: _last(found)[AccountClosed,] == 21, within_s=60)
        await log.publish([late])
        outcomes = await log.wait_for(lambda found: late.account_id in found)
        [left] = (await _settled(me, project.project_id, "given_up"))["results"]
        async with faults(account_service, unclosable=False):
            answer = await me.delete(f"{ACCOUNTS}/{stuck.account_id.hex}/")
            assert answer.status_code == 202, answer.text
            outcomes = await log.wait_for(lambda found: _last(found)[AccountClosed,] == 22)
        assert await report(me, project.project_id) == {"results": [], "next": None, "total": 0}

    assert (left["account_uuid"], left["project_name"]) == (stuck.account_id.hex, project.name)
    assert (left["cause"], left["attempts"], left["next_attempt"]) == ("course_ended", 3, None)
    assert left["error"]["code"] == "CLOSE_REFUSED"
    assert ends <= datetime.fromisoformat(left["since"]) < _now()
    for fact in _asked(outcomes):
        assert (fact.cause, fact.author) in {("course_ended", None), ("request", "mari")}
    assert [type(f) for f in outcomes[doubtful.account_id]] == [
        AccountRetried,
        AccountFailed,
        AccountCloseRequested,
        AccountClosed,
    ]
    failed = outcomes[doubtful.account_id][1]
    assert isinstance(failed, AccountFailed)
    assert (failed.code, failed.effect) == ("COURSE_ENDED", "unknown")
    [too_late] = outcomes[late.account_id]
    assert isinstance(too_late, AccountFailed)
    assert (too_late.code, too_late.effect) == ("COURSE_ENDED", "none")
    assert [type(f) for f in outcomes[refused.account_id]] == [AccountFailed]
    asked_at = [e.time for e in await log.events() if isinstance(e.fact, AccountCloseRequested)]
    assert min(asked_at) >= ends
    everybody = {*emails, "unclosable+1@example.org", "doubtful@example.org"}
    assert Counter(closed_for(account_service, project)) == dict.fromkeys(everybody, 1)
    assert {one.email for one in created_for(account_service, project)} == everybody


async def test_an_extension_in_time_wins_and_a_deletion_closes(
    start: Start, log: Log, projects: str, tables: asyncpg.Connection
) -> None:
    """Beyond the old end nothing was asked; an older description changes nothing; what is deleted is closed."""
    project, import_id = project_snapshot(), uuid4()
    requests = [requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in range(1, 31)]
    async with start(projects_topic=projects) as provisioner:
        await log.publish(requests)
        await log.wait_for(lambda found: _last(found)[AccountCreated,] == 30)
        ends = _now() + SOON
        short = course(project, ends)
        long = replace(short, ends_at=ends + timedelta(days=1), revision=2)
        await publish(log.bootstrap, projects, short, now=_now())
        await publish(log.bootstrap, projects, long, now=_now())
        assert _now() < ends, "the machine is too slow for this test: nothing was shown"
        await publish(log.bootstrap, projects, short, now=_now())
        await until(lambda: _read_beyond(tables, projects, ends + timedelta(seconds=1)), "the end to pass")
        assert not _asked(await log.outcomes())
        async with person(tables, provisioner) as me:
            assert (await report(me, project.project_id))["total"] == 0
        await publish(log.bootstrap, projects, replace(long, status="deleted", revision=3), now=_now())
        outcomes = await log.wait_for(lambda found: _last(found)[AccountClosed,] == 30, within_s=60)
    asked = _asked(outcomes)
    assert len(asked) == 30
    assert {fact.cause for fact in asked} == {"project_deleted"}


async def test_what_is_not_over_any_more_goes_on(
    start: Start, log: Log, projects: str, tables: asyncpg.Connection
) -> None:
    """After an extension that came too late, what failed can be retried; what was closed stays closed."""
    project, import_id = project_snapshot(), uuid4()
    first, second = (requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in (1, 2))
    over = course(project, _now() - timedelta(seconds=1))
    async with start(projects_topic=projects) as provisioner, person(tables, provisioner) as me:
        await log.publish([first])
        await log.wait_for(lambda found: _last(found)[AccountCreated,] == 1)
        await publish(log.bootstrap, projects, over, now=_now())
        await log.wait_for(lambda found: _last(found)[AccountClosed,] == 1, within_s=60)
        await log.publish([second])
        await log.wait_for(lambda found: _last(found)[AccountFailed,] == 1)
        retry = f"{ACCOUNTS}/{second.account_id.hex}/retry/"
        assert (await me.post(retry)).json()["code"] == "COURSE_ENDED"
        extended = replace(over, ends_at=_now() + timedelta(days=1), revision=2)
        await publish(log.bootstrap, projects, extended, now=_now())
        await until(lambda: _accepted(me, retry), "the extension to be known")
        outcomes = await log.wait_for(lambda found: _last(found)[AccountCreated,] == 1)
    assert isinstance(outcomes[first.account_id][-1], AccountClosed)


def _last(outcomes: Outcomes) -> "_Ending":
    return _Ending(Counter(type(facts[-1]) for facts in outcomes.values()))


class _Ending:
    """How many accounts ended in one of some ways."""

    def __init__(self, counts: Counter[type]) -> None:
        self._counts = counts

    def __getitem__(self, kinds: tuple[type, ...]) -> int:
        return sum(self._counts[kind] for kind in kinds)


def _asked(outcomes: Outcomes) -> list[AccountCloseRequested]:
    return [f for facts in outcomes.values() for f in facts if isinstance(f, AccountCloseRequested)]


async def _settled(client: object, project: UUID, state: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}

    async def so_far() -> bool:
        found.update(await report(client, project))  # type: ignore[arg-type]
        return {one["state"] for one in found["results"]} == {state}

    await until(so_far, f"only what is {state} to be left in the report")
    return found


async def _accepted(client: object, path: str) -> bool:
    return (await client.post(path)).status_code == 202  # type: ignore[attr-defined,no-any-return]


async def _read_beyond(tables: asyncpg.Connection, topic: str, moment: datetime) -> bool:
    found = await tables.fetchval("SELECT min(as_of) FROM positions WHERE topic = $1", topic)
    await asyncio.sleep(0.05)
    return bool(found and found > moment)
