"""Two courses, an import in each, and everybody who might ask for them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import httpx2

from schemas import ids
from schemas.facts import AccountRequested, ImportAccepted
from schemas.projects import CourseProject, Customer
from services.common.access import token_hash
from services.common.database import Pool
from tests.integration.projector.a_course import a_course
from tests.integration.projector.support import feed, project_record, records
from tests.unit.projector.stories import PROJECT, Story, account_of, claim, import_of

OURS, THEIRS = PROJECT.project_id, uuid5(ids.NAMESPACE, "their course")
NAMES = {OURS: "Our course", THEIRS: "Their course"}
IMPORTS = {OURS: import_of("a"), THEIRS: import_of("theirs")}
ACCOUNTS = {OURS: account_of("ben"), THEIRS: account_of("eve")}
PEOPLE = {OURS: {"ann", "ben", "cleo"}, THEIRS: {"dan", "eve"}}

TOKENS: Mapping[str, str | None] = {
    "nobody": None,
    "bad token": "a-token-nobody-has",
    "outsider": "an-outsiders-token",
    "manager": "a-managers-token",
    "owner": "an-owners-token",
    "reader": "a-token-that-may-only-read",
    "narrowed staff": "a-staff-token-for-our-course",
    "staff": "a-staff-members-token",
}
"""`manager` and `owner` have their role in our course, where the `reader` is a manager with a token that may only read;
the token of `narrowed staff` is for our course only."""
MEMBERS = ("manager", "owner", "reader", "narrowed staff")


async def two_courses(pool: Pool, admin: Pool) -> None:
    """Fold both, and let everybody sign in."""
    theirs = Story().accepted("theirs", 2)
    for row, person in enumerate(sorted(PEOPLE[THEIRS]), start=1):
        theirs.requested("theirs", row, person)
    theirs.failed("eve", claim("theirs", 2))
    snapshot = replace(PROJECT, project_id=THEIRS)
    moved = [
        (
            time,
            replace(fact, project=snapshot) if isinstance(fact, AccountRequested | ImportAccepted) else fact,
        )
        for time, fact in theirs.facts
    ]
    customer = Customer(customer_id=uuid5(ids.NAMESPACE, "a customer"), name="A faculty")
    projects = [
        CourseProject(
            project_id=project_id,
            name=name,
            slug=name.lower().replace(" ", "-"),
            start_date=PROJECT.start_date,
            end_date=PROJECT.end_date,
            customer=customer,
            managers=("manager",) if project_id == OURS else (),
        )
        for project_id, name in NAMES.items()
    ]
    log = [*records([*a_course().facts, *moved]), *map(project_record, projects, range(len(projects)))]
    await feed(pool, log)
    await everybody(admin)


async def everybody(admin: Pool) -> None:
    """Let everybody sign in."""
    for role, token in TOKENS.items():
        if token is not None and role != "bad token":
            await admin.execute(
                "INSERT INTO access.tokens (token_hash, user_id, staff, may_write, projects)"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                token_hash(token),
                "manager" if role == "reader" else role,
                "staff" in role,
                role != "reader",
                [OURS] if role == "narrowed staff" else None,
            )
    for role in ("manager", "owner"):
        await admin.execute(
            "INSERT INTO access.project_roles (project_id, user_id, role) VALUES ($1, $2, $2)", OURS, role
        )


async def ask(http: httpx2.AsyncClient, role: str, method: str, path: str, **more: Any) -> httpx2.Response:
    """Ask as somebody."""
    token = TOKENS[role]
    headers = {"Authorization": "" if token is None else f"Token {token}"}
    return await http.request(method, path, headers={**headers, **more.pop("headers", {})}, **more)


def at(path: str, project_id: UUID) -> str:
    """The address of one thing of a course, at a path of the document."""
    if path.startswith("/api/marketplace-course-accounts/"):
        thing = ACCOUNTS[project_id]
    elif path.startswith("/api/course-projects/"):
        thing = project_id
    else:
        thing = IMPORTS[project_id]
    return path.replace("{uuid}", thing.hex).replace("{row}", "1")


def told(text: str) -> set[UUID]:
    """The courses that a text tells something of."""
    found = set()
    for project_id, name in NAMES.items():
        marks = [name, project_id.hex, IMPORTS[project_id].hex]
        marks += [f"{person}@example.org" for person in PEOPLE[project_id]]
        marks += [account_of(person).hex for person in PEOPLE[project_id]]
        if any(mark in text for mark in marks):
            found.add(project_id)
    return found
