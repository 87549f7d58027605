"""Accounts and projects over HTTP, over real tables."""

import csv
import io
from typing import Literal

import pytest

from schemas.projects import CourseProject, Customer
from services.common.database import Pool
from services.projector.accounts import export
from tests.integration.projector.a_course import ACCOUNTS, A, a_course, every
from tests.integration.projector.support import (
    client,
    feed,
    project_record,
    records,
)
from tests.unit.projector.stories import PROJECT, account_of, import_of


async def test_accounts_as_waldur_shows_them(pool: Pool, admin: Pool) -> None:
    """All fields of the contract, the project joined when read."""
    project = CourseProject(
        project_id=PROJECT.project_id,
        name="Renamed",
        slug="renamed",
        start_date=PROJECT.start_date,
        end_date=PROJECT.end_date,
        customer=Customer(customer_id=A, name="A faculty"),
    )
    await feed(pool, [*records(a_course().facts), project_record(project, 0)])
    async with client(pool, admin) as http:
        body = (await http.get(f"{ACCOUNTS}{account_of('ben')}")).json()
        unknown = await http.get(f"{ACCOUNTS}{A.hex}/")
    assert body == {
        "url": f"http://front.example{ACCOUNTS}{account_of('ben').hex}/",
        "uuid": account_of("ben").hex,
        "created": "2026-03-02T08:00:03Z",
        "modified": "2026-03-02T08:00:06Z",
        "project": PROJECT.project_id.hex,
        "project_uuid": PROJECT.project_id.hex,
        "project_name": "Renamed",
        "project_slug": "renamed",
        "project_start_date": "2026-03-01",
        "project_end_date": "2099-06-30",
        "user_uuid": "manager",
        "username": None,
        "customer_uuid": A.hex,
        "customer_name": "A faculty",
        "state": "Erred",
        "phase": None,
        "error_message": "No.",
        "error_traceback": "",
        "error_code": "REFUSED",
        "error_hint": "Check the address; then retry, or correct the row.",
        "phase_message": "",
        "next_attempt": None,
        "email": "ben@example.org",
        "description": "row 2",
    }
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("o=email", ["ann", "ben", "cleo"]),
        ("o=-email", ["cleo", "ben", "ann"]),
        ("", ["cleo", "ben", "ann"]),
        ("o=state,-created", ["ben", "ann", "cleo"]),
        ("email=BEN", ["ben"]),
        ("username=u-ann", ["ann"]),
        ("state=OK&state=Pending&o=created", ["ann", "cleo"]),
        (f"project_uuid={PROJECT.project_id}&o=email", ["ann", "ben", "cleo"]),
        (f"project_uuid={A.hex}", []),
        (f"project_uuid={PROJECT.project_id}&error_code=REFUSED", ["ben"]),
        (f"project_uuid={PROJECT.project_id}&error_code=REFUSED&error_code=X&email=E", ["ben"]),
        (f"project_uuid={PROJECT.project_id}&error_code=ADDRESS_TAKEN", []),
        (f"project_uuid={A.hex}&error_code=REFUSED", []),
    ],
)
async def test_accounts_can_be_filtered_and_ordered(
    pool: Pool, admin: Pool, query: str, expected: list[str]
) -> None:
    """As Waldur's clients do it."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        answer = await http.get(f"{ACCOUNTS}?{query}")
    assert [account["email"].partition("@")[0] for account in answer.json()] == expected
    assert answer.headers["x-result-count"] == str(len(expected))


async def test_accounts_are_paged_by_number(pool: Pool, admin: Pool) -> None:
    """`X-Result-Count` and `Link`, also for HEAD; a page beyond the last is 404, an unknown order 400.

    What Waldur's clients send and it takes, is taken: too large a page has 300, what is unknown or empty says nothing.
    """
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        second = await http.get(f"{ACCOUNTS}?page=2&page_size=1&o=email")
        head = await http.head(f"{ACCOUNTS}?page_size=1")
        beyond = await http.get(f"{ACCOUNTS}?page=4&page_size=1")
        disorder = await http.get(f"{ACCOUNTS}?o=password")
        many = await http.get(
            f"{ACCOUNTS}?page_size=301&unheard_of=1&project_uuid=&project_end_date_before=&o="
        )
        no_size = await http.get(f"{ACCOUNTS}?page_size=0")
    assert [account["email"] for account in second.json()] == ["ben@example.org"]
    assert second.headers["x-result-count"] == head.headers["x-result-count"] == "3"
    assert {name: link["url"].rpartition("page=")[2] for name, link in second.links.items()} == {
        "first": "1", "prev": "1", "next": "3", "last": "3",
    }  # fmt: skip
    assert second.links["next"]["url"].startswith(f"http://front.example{ACCOUNTS}?page_size=1&o=email")
    assert (head.status_code, beyond.status_code) == (200, 404)
    assert disorder.status_code == no_size.status_code == 400
    assert (many.status_code, len(many.json()), [*many.links]) == (200, 3, ["first", "last"])


async def test_projects_are_listed_by_name(pool: Pool, admin: Pool) -> None:
    """Deleted ones are left out; one can be read alone."""
    names: list[tuple[str, Literal["active", "deleted"]]] = [
        ("Zoology", "active"),
        ("Gone", "deleted"),
        ("Algebra", "active"),
    ]
    projects = [
        CourseProject(project_id=import_of(name), name=name, slug=name, status=status)
        for name, status in names
    ]
    await feed(pool, [project_record(project, at) for at, project in enumerate(projects)])
    async with client(pool, admin) as http:
        listed = await every(http, "/api/course-projects/?page_size=1")
        one = (await http.get(f"/api/course-projects/{import_of('Zoology').hex}/")).json()
        gone = await http.get(f"/api/course-projects/{import_of('Gone').hex}/")
    assert [project["name"] for project in listed] == ["Algebra", "Zoology"]
    assert one == {"uuid": import_of("Zoology").hex, "name": "Zoology", "slug": "Zoology", "kind": "course",
                   "start_date": None, "end_date": None, "ends_at": None, "customer_uuid": None, "customer_name": None,
                   "accounts": {"OK": 0, "Closed": 0, "Erred": 0, "Pending": 0}}  # fmt: skip
    assert gone.status_code == 404


async def test_projects_of_a_kind_or_with_a_text_in_the_name(pool: Pool, admin: Pool) -> None:
    """In any case, taken as it is; pages hold what fits and nothing else, and none is left out."""
    kinds: dict[str, Literal["course", "other"]] = {
        "Algebra": "course", "Linear ALGEBRA": "course", "algebra talk": "other", "50%": "course", "Zoology": "other",
    }  # fmt: skip
    projects = [
        CourseProject(project_id=import_of(name), name=name, slug=name, kind=kind)
        for name, kind in kinds.items()
    ]
    await feed(pool, [project_record(project, at) for at, project in enumerate(projects)])
    found: dict[str, set[str]] = {}
    async with client(pool, admin) as http:
        for query in (
            "text=algebra",
            "text=ALGEBRA&kind=course",
            "kind=other",
            "text=%25",
            "text=_",
            "text=&kind=course",
        ):
            listed = await every(http, f"/api/course-projects/?page_size=1&{query}")
            found[query] = {project["name"] for project in listed}
            assert len(listed) == len(found[query])
        refused = [
            (await http.get("/api/course-projects/", params=params)).status_code
            for params in ({"kind": "regular"}, {"text": "x" * 321}, {"text": "a\0"})
        ]
    assert found == {
        "text=algebra": {"Algebra", "Linear ALGEBRA", "algebra talk"},
        "text=ALGEBRA&kind=course": {"Algebra", "Linear ALGEBRA"},
        "kind=other": {"algebra talk", "Zoology"},
        "text=%25": {"50%"},
        "text=_": set(),
        "text=&kind=course": {"Algebra", "Linear ALGEBRA", "50%"},
    }
    assert refused == [400, 400, 400]


async def test_accounts_are_a_file(pool: Pool, admin: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once however many pages there are, with state, username and error; some of them if asked so."""
    await feed(pool, records(a_course().facts))
    monkeypatch.setattr(export, "_PAGE", 1)
    async with client(pool, admin) as http:
        answer = await http.get(f"{ACCOUNTS}export.csv")
        erred = await http.get(f"{ACCOUNTS}export.csv?state=Erred&state=Closed")
        elsewhere = await http.get(f"{ACCOUNTS}export.csv", params={"project_uuid": A.hex})
        unknown = await http.get(f"{ACCOUNTS}export.csv?state=Bad")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert [(rows[f"{name}@example.org"]["state"], rows[f"{name}@example.org"]["username"])
            for name in ("ann", "ben")] == [("OK", "u-ann"), ("Erred", "")]  # fmt: skip
    assert (rows["ben@example.org"]["error_code"], rows["ben@example.org"]["error"]) == ("REFUSED", "No.")
    assert rows["ann@example.org"]["account_uuid"] == account_of("ann").hex
    assert len(rows) == len(answer.text.splitlines()) - 1 == 3
    assert [row["email"] for row in csv.DictReader(io.StringIO(erred.text))] == ["ben@example.org"]
    assert elsewhere.text.splitlines() == [",".join(map(str, export.HEADER))]
    assert unknown.status_code == 400
