"""A whole course at a real SCIM server: made, one found again after its answer was lost, closed.

`pytest -s tests/integration/provisioner/test_scim.py` prints what happened.
"""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from schemas.facts import AccountClosed, AccountCreated, AccountRetried
from tests.integration.provisioner.commands import claims, release
from tests.integration.provisioner.conftest import Start
from tests.support.cutting import CuttingProxy, Spoil
from tests.support.log import Log, project_snapshot, requested
from tests.support.scim import TOKEN, LaunchedScim

_ROWS = 40


@pytest.fixture
def scim_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchedScim]:
    """A SCIM server, as a process of its own."""
    with LaunchedScim(tmp_path_factory.mktemp("scim")) as running:
        yield running


async def test_a_course_at_a_scim_server(start: Start, log: Log, scim_server: LaunchedScim) -> None:
    """One user an account whatever was lost on the way, by the name the log says; afterwards none is active."""
    project, import_id = project_snapshot(), uuid4()
    facts = [requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in range(1, _ROWS + 1)]
    async with CuttingProxy(scim_server.port).running() as proxy:
        options = {"url": f"http://127.0.0.1:{proxy.port}/v2", "token": TOKEN}
        async with start(backend="scim", backend_options=options) as provisioner:
            async with proxy.spoiling(Spoil(at_most=1)):
                await log.publish(facts)
                outcomes = await log.wait_for(
                    lambda found: sum(isinstance(f[-1], AccountCreated) for f in found.values()) == len(facts)
                )
            users = scim_server.users(userType="Course account")
            names = [f[-1].personal.username for f in outcomes.values() if isinstance(f[-1], AccountCreated)]
            [lost] = [f for f in outcomes.values() if len(f) > 1]
            assert [(type(fact), getattr(fact, "cause", None)) for fact in lost] == [
                (AccountRetried, "TARGET_UNCERTAIN"),
                (AccountCreated, None),
            ]
            assert proxy.spoilt == 1
            assert sorted(user["userName"] for user in users) == sorted(names)

            # The answer to a close is lost as well.
            async with proxy.spoiling(Spoil(at_most=1, only=b"PATCH")):
                assert await release(provisioner, import_id, claims(facts)) == len(facts)
                closed = await log.wait_for(
                    lambda found: sum(isinstance(f[-1], AccountClosed) for f in found.values()) == len(facts)
                )
    active = [user for user in scim_server.users(userType="Course account") if user["active"]]
    figures = {
        "accounts asked for": len(facts),
        "users at the server": len(users),
        "answers lost": 2,
        "found again": len([f for f in outcomes.values() if len(f) > 1]),
        "closed": sum(isinstance(f[-1], AccountClosed) for f in closed.values()),
        "still active": len(active),
    }
    print("\nSCIM:", json.dumps(figures))
    assert active == []
