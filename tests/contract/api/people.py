"""Who may ask, and two courses to ask about: one's own and a foreign one. All of it is made over the public API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import httpx2

from tests.e2e.site import Site
from tests.support.waiting import until

ACCOUNTS: Final = "/api/marketplace-course-accounts/"
ROLES: Final = ("nobody", "bad token", "outsider", "other manager", "reader", "manager", "owner", "staff")
"""`reader` is a manager whose token may only read; `other manager` manages only the foreign course."""


@dataclass(frozen=True, slots=True)
class Things:
    """What there is in one course, by id."""

    project: str
    import_id: str
    account: str
    erred: str
    draft: str
    job: str
    token: str
    """Of the course's manager."""
    spare_token: str
    """The same, to be revoked."""


@dataclass(frozen=True, slots=True)
class World:
    """Two courses, and the headers that everybody sends."""

    own: Things
    foreign: Things
    headers: Mapping[str, Mapping[str, str]]
    """By role."""


async def made(site: Site) -> World:
    """Make it. Each call makes another one."""
    name = uuid4().hex[:8]
    manager, owner, stranger = (f"{role}-{name}" for role in ("manager", "owner", "stranger"))
    own = await site.course(managers=[manager], owners=[owner])
    foreign = await site.course(managers=[stranger])
    users = {
        "outsider": (f"outsider-{name}", True, False),
        "other manager": (stranger, True, False),
        "reader": (manager, False, False),
        "manager": (manager, True, False),
        "owner": (owner, True, False),
        "staff": (f"staff-{name}", True, True),
    }
    headers: dict[str, Mapping[str, str]] = {
        "nobody": {},
        "bad token": {"Authorization": "Token no-such-token"},
    }
    for role, (user, may_write, staff) in users.items():
        secret = (await token(site.http, user, may_write=may_write, staff=staff))["token"]
        headers[role] = {"Authorization": f"Token {secret}"}
    return World(
        await things(site.http, own.project_id.hex, manager, name),
        await things(site.http, foreign.project_id.hex, stranger, name),
        headers,
    )


async def token(
    asking: httpx2.AsyncClient, user: str, *, may_write: bool = True, staff: bool = False
) -> dict[str, Any]:
    """A token of a user, as staff makes one."""
    body = {"user_id": user, "may_write": may_write, "staff": staff, "note": "test"}
    answer = await asking.post("/api/tokens/", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def things(staff: httpx2.AsyncClient, project: str, manager: str, name: str) -> Things:
    """Fill a course: an account, a failed one, the import they came with, a draft, a finished job, tokens."""
    wanted = [
        {"email": f"ada-{name}@example.org", "description": "Group 1"},
        {"email": f"refused+{name}@example.org"},
    ]
    answer = await staff.post(f"{ACCOUNTS}create_bulk/", json={"course_accounts": wanted, "project": project})
    assert answer.status_code == 200, answer.text
    accounts = [one["uuid"] for one in answer.json()]
    for account in accounts:
        await settled(staff, account)
    files = {"file": ("course.csv", f"email\nnew-{name}@example.org\nnot an address\n".encode(), "text/csv")}
    draft = await staff.post("/api/import-drafts/", data={"project": project}, files=files)
    assert draft.status_code == 201, draft.text
    job = await staff.post("/api/jobs/", json={"action": "retry", "accounts": [accounts[1]]})
    assert job.status_code == 202, job.text
    await settled(staff, accounts[1])
    return Things(
        project=project,
        import_id=answer.headers["X-Import"],
        account=accounts[0],
        erred=accounts[1],
        draft=draft.json()["uuid"],
        job=job.json()["job"],
        token=(await token(staff, manager))["uuid"],
        spare_token=(await token(staff, manager))["uuid"],
    )


async def settled(http: httpx2.AsyncClient, account: str) -> dict[str, Any]:
    """Wait until an account is no longer Pending."""
    found: dict[str, Any] = {}

    async def over() -> bool:
        answer = await http.get(f"{ACCOUNTS}{account}/")
        if answer.status_code == 200:
            found.update(answer.json())
        return answer.status_code == 200 and found["state"] != "Pending"

    await until(over, f"the account {account} to settle", within_s=60)
    return found
