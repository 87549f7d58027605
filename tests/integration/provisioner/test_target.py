"""The account service away for a while, and what operators do about it: service, log and API together."""

from collections import Counter
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from deploy.account_service.launch import LaunchedService
from schemas.facts import AccountCreated, AccountRetried, TargetPaused, TargetResumed
from services.common.access.tokens import add_token
from services.provisioner.bootstrap import Provisioner
from tests.integration.provisioner.commands import faults
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until


class Operator:
    """Somebody with a token, at one copy's API."""

    def __init__(self, provisioner: Provisioner, token: str) -> None:
        self._app = provisioner.asgi
        self._token = token

    async def ask(self, method: str, path: str = "", body: Any = None, *, status: int = 200) -> Any:
        """The answer's JSON."""
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self._app),
            base_url="http://provisioner",
            headers={"Authorization": f"Token {self._token}"},
        ) as client:
            answer = await client.request(method, f"/api/target/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def tokens(tables: Any) -> tuple[str, str]:
    """Of staff, and of somebody else."""
    await add_token(tables, "staff-token", user_id="staff", staff=True)
    await add_token(tables, "guest-token", user_id="guest", staff=False)
    return "staff-token", "guest-token"


async def told(log: Log) -> list[TargetPaused | TargetResumed]:
    """What the log says of the target."""
    return [e.fact for e in await log.events() if isinstance(e.fact, TargetPaused | TargetResumed)]


@pytest.mark.parametrize("down", ["closed", "unavailable"])
async def test_while_the_account_service_is_down_rows_wait(
    start: Start, log: Log, account_service: LaunchedService, tokens: tuple[str, str], down: str
) -> None:
    """One fact says so, not one a row; no row is tried again and again; when it is back all are made, once each."""
    project, import_id = project_snapshot(), uuid4()
    rows = 300
    facts = [requested(project, f"w{n}@example.org", import_id=import_id, row=n) for n in range(1, rows + 1)]
    async with start(), start() as other:
        async with faults(account_service, down=down):
            await log.publish(facts)

            async def paused() -> bool:
                return bool(await told(log))

            await until(paused, "the pause to be told")
            target = await Operator(other, tokens[0]).ask("GET")
            assert target["state"] == "down"
            assert target["reason"]
            assert target["next_attempt"] > target["since"]
        outcomes = await log.wait_for(
            lambda found: sum(isinstance(f[-1], AccountCreated) for f in found.values()) == rows
        )
        await until(lambda: _resumed(log), "the end of the pause to be told")
    changes = await told(log)
    assert [fact.change for fact in changes] == list(range(1, len(changes) + 1))
    assert isinstance(changes[0], TargetPaused)
    assert isinstance(changes[-1], TargetResumed)
    retries = Counter(isinstance(fact, AccountRetried) for facts in outcomes.values() for fact in facts)
    assert retries[True] < rows / 2
    made = created_for(account_service, project)
    assert len({effect.email for effect in made}) == len(made) == rows


async def _resumed(log: Log) -> bool:
    return isinstance((await told(log))[-1], TargetResumed)


async def test_operators_pause_resume_and_limit(
    start: Start, log: Log, account_service: LaunchedService, tokens: tuple[str, str]
) -> None:
    """Told once however often it is asked for; held by every copy; who is not staff may not even look."""
    project = project_snapshot()
    async with start() as first, start() as second:
        operator = Operator(first, tokens[0])
        for reason in ("moving house", "again"):
            shown = await operator.ask("POST", "pause/", {"reason": reason})
            assert (shown["state"], shown["code"]) == ("paused", "PAUSED_BY_OPERATOR")
            assert (shown["paused"]["by"], shown["paused"]["reason"]) == ("staff", "moving house")
        await until(lambda: _copies(operator, 2), "both copies to be seen")
        await until(lambda: _shut(first, second), "both copies to hold their calls")
        await log.publish([requested(project, "p@example.org", import_id=uuid4())])

        async def is_told() -> bool:
            return bool(await told(log))

        await until(is_told, "the pause to be told")
        shown = await Operator(second, tokens[0]).ask("PATCH", "", {"rate": 40})
        assert (shown["rate"], shown["state"]) == (40.0, "paused")
        assert created_for(account_service, project) == []
        for _ in range(2):
            assert (await operator.ask("POST", "resume/"))["state"] == "up"
        await log.wait_for(lambda found: bool(found))
        assert (await operator.ask("PATCH", "", {"rate": None}))["rate"] is None
        wrong: list[Any] = [{}, {"rate": 0}, {"rate": "fast"}, {"rate": 1e9}, {"speed": 1}, []]
        for body in wrong:
            problem = await operator.ask("PATCH", "", body, status=400)
            assert problem["code"] == "BODY_INVALID"
        assert (await operator.ask("POST", "pause/", {"reason": "x" * 2001}, status=400))["detail"]
        guest = Operator(first, tokens[1])
        await guest.ask("GET", status=403)
        await guest.ask("POST", "pause/", {}, status=403)
    assert [(type(f), f.change) for f in await told(log)] == [(TargetPaused, 1), (TargetResumed, 2)]


async def _copies(operator: Operator, count: int) -> bool:
    return bool((await operator.ask("GET"))["copies"] == count)


async def _shut(*copies: Provisioner) -> bool:
    return all(copy.gate.shut for copy in copies)
