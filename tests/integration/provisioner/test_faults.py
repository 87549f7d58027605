"""Every way in which an answer can be missing: whatever was done before is found again, and done once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid4

import aiohttp
import pytest

from deploy.account_service.launch import CONTROL_TOKEN, LaunchedService
from schemas.codec import Event
from schemas.facts import AccountCreated, AccountFact, ProjectSnapshot
from tests.e2e.checker.accounts import attempts_add_up, lives_in_order
from tests.e2e.checker.evidence import Logged, of_project
from tests.e2e.checker.invariants import no_contradiction, one_effect
from tests.integration.provisioner.commands import faults
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until

_ROWS = 60
_TARGETS: Mapping[str, Mapping[str, object]] = {
    "keys": {"unique_addresses": False},
    "look-up": {"keys_honoured": False},
}
_FAULTS: Mapping[str, Mapping[str, object]] = {
    "reply lost": {"reply_lost": 0.3},
    "500 after the effect": {"error_after": 0.3},
    "500 before it": {"error_before": 0.3},
    "409 in progress": {"in_progress": 0.3},
    "an answer nobody can read": {"malformed": 0.3},
    "all at once": {"reply_lost": 0.1, "error_after": 0.1, "error_before": 0.1, "malformed": 0.1},
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("target", _TARGETS.values(), ids=_TARGETS)
async def test_one_effect_each(
    start: Start, log: Log, account_service: LaunchedService, target: Mapping[str, object]
) -> None:
    """Three calls in ten fail, in one way after the other: every row is created in the end, one account each."""
    async with faults(account_service, **target, arrays=False), start():
        for name, fault in _FAULTS.items():
            project, import_id = project_snapshot(), uuid4()
            requests = [
                requested(project, f"p{row}@example.org", import_id=import_id, row=row)
                for row in range(1, _ROWS + 1)
            ]
            asked = {request.account_id for request in requests}
            async with faults(account_service, **target, **fault, arrays=False, seed=7):
                await log.publish(requests)
                outcomes = await log.wait_for(lambda found, asked=asked: _created(found, asked), within_s=60)  # type: ignore[misc]
            made = Counter(effect.email for effect in created_for(account_service, project))
            assert (len(made), set(made.values())) == (_ROWS, {1}), name
            assert any(len(outcomes[one]) > 1 for one in asked), f"nothing failed by {name}"
            _holds_together(await log.events(), account_service, project)


def _created(found: Mapping[UUID, Sequence[AccountFact]], asked: Collection[UUID]) -> bool:
    return all(found.get(one) and isinstance(found[one][-1], AccountCreated) for one in asked)


def _holds_together(events: Sequence[Event], service: LaunchedService, project: ProjectSnapshot) -> None:
    records = [Logged(0, 0, None, event) for event in events]
    evidence = of_project(project.project_id, project.slug, [], records, service.effects())
    for invariant in (one_effect, no_contradiction, lives_in_order, attempts_add_up):
        assert not list(invariant(evidence))


async def test_tokens_that_expire_in_the_middle(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """A token taken back while calls are under way is renewed; no row fails, and none is made twice."""
    project, import_id = project_snapshot(), uuid4()
    requests = [
        requested(project, f"p{row}@example.org", import_id=import_id, row=row) for row in range(1, 301)
    ]
    slowly = faults(account_service, unique_addresses=False, latency_ms=20, arrays=False)
    async with slowly, start(concurrency=4):  # so that calls are left to make when an outcome is on the log
        await log.publish(requests)
        for least in (50, 150):
            await log.wait_for(lambda found, least=least: len(found) >= least)  # type: ignore[misc]
            await until(lambda: _expired(account_service), "a token to take back")
        await log.wait_for(lambda found: len(found) == 300)
        outcomes = await log.wait_for(
            lambda found: sum(isinstance(f[-1], AccountCreated) for f in found.values()) == 300
        )
    made = Counter(effect.email for effect in created_for(account_service, project))
    assert (len(made), set(made.values())) == (300, {1})
    assert all(len(facts) == 1 for facts in outcomes.values()), "a token is no reason to try a row again"


async def _expired(service: LaunchedService) -> bool:
    """Whether there was a token to take back: after the last one was, the next comes with the next call."""
    return await _expire_tokens(service) > 0


async def _expire_tokens(service: LaunchedService) -> int:
    headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{service.url}/control/expire-tokens", headers=headers) as answer,
    ):
        assert answer.status == 200
        return int((await answer.json())["expired"])
