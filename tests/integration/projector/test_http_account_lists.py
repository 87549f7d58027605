"""Lists of accounts over HTTP: every filter and order against a plain sort of the same accounts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid5

import pytest

from schemas import ids
from schemas.facts import AccountRequested
from schemas.projects import CourseProject
from services.common.database import Pool
from services.projector.account_lists import matching, paging, reading
from services.projector.account_lists.filters import AccountFilter
from services.projector.account_lists.query import read_list
from services.projector.account_lists.statement import ORDERS
from services.projector.comparing.invariants import rules_of
from services.projector.registry import READ_MODELS
from tests.integration.projector.a_course import ACCOUNTS
from tests.integration.projector.support import client, feed, project_record, records
from tests.unit.projector.stories import PROJECT, Story, account_of, claim

PEOPLE = ("ann", "ben", "Cleo", "dan", "eve", "fay", "gus", "hal")
COURSES = {name: uuid5(ids.NAMESPACE, f"course {name}") for name in ("zoology", "algebra", "botany")}


def courses() -> list[CourseProject]:
    """Three courses; one has no dates, two have the same start."""
    dates = {
        "zoology": (date(2026, 3, 1), date(2026, 6, 1)),
        "algebra": (date(2026, 3, 1), date(2026, 7, 1)),
        "botany": (None, None),
    }
    return [
        CourseProject(
            project_id=project_id, name=name, slug=name, start_date=dates[name][0], end_date=dates[name][1]
        )
        for name, project_id in COURSES.items()
    ]


def a_story() -> Story:
    """Eight people in three courses, in every state."""
    story = Story()
    for row, person in enumerate(PEOPLE, start=1):
        story.requested(f"of {row % 3}", row, person)
        time, fact = story.facts[-1]
        assert isinstance(fact, AccountRequested)
        project = replace(PROJECT, project_id=list(COURSES.values())[row % 3])
        story.facts[-1] = (time - timedelta(seconds=row % 2), replace(fact, project=project))
    for row, person in enumerate(PEOPLE, start=1):
        of = claim(f"of {row % 3}", row)
        if person in ("ann", "ben", "Cleo", "hal"):
            story.created(person, of)
        if person in ("dan", "eve"):
            story.failed(person, of)
        if person == "hal":
            story.closed(person, of)
        if person == "fay":
            story.retried(person, of)
    return story


@pytest.fixture
async def filled(pool: Pool) -> Pool:
    """Tables with all of them."""
    story = a_story()
    log = [*records(story.facts), *(project_record(course, at) for at, course in enumerate(courses()))]
    await feed(pool, log, size=4)
    return pool


def sorted_by(accounts: Sequence[dict[str, Any]], order: Sequence[str]) -> list[str]:
    """Ids in an order, as a plain program would do it: what is not known comes first, last where reversed.

    The newest come first where nothing else is said; ids follow the last field where `created` is one.
    """
    by_created = any(name.removeprefix("-") == "created" for name in order)
    back = not by_created or order[-1].startswith("-")
    found = sorted(accounts, key=lambda one: one["uuid"], reverse=back)
    found.sort(key=lambda one: one["created"], reverse=True)
    for name in reversed(order):
        field = name.removeprefix("-")
        found.sort(key=lambda one: _known_last(one, field), reverse=name.startswith("-"))
    return [one["uuid"] for one in found]


def _known_last(one: dict[str, Any], field: str) -> tuple[bool, str]:
    """Addresses are told apart by their canonical form, in small letters."""
    value = one[field] or ""
    return one[field] is not None, value.lower() if field == "email" else value


ORDERINGS = [
    *((sign + name,) for name, sign in product(ORDERS, ("", "-"))),
    ("state", "-created"),
    ("-state", "email"),
    ("project_name", "-username"),
    ("-project_start_date", "state", "email"),
    ("project_start_date", "-project_end_date"),
    ("username", "project_name"),
]


async def test_every_order_in_pages_of_any_size(filled: Pool, admin: Pool) -> None:
    """The same accounts in the same places as a plain sort, and nothing twice or left out between pages."""
    async with client(filled, admin) as http:
        every = (await http.get(f"{ACCOUNTS}?page_size=300")).json()
        assert len(every) == len(PEOPLE)
        for order in ORDERINGS:
            expected = sorted_by(every, order)
            for size in (1, 3, 300):
                found = []
                for page in range(1, -(-len(PEOPLE) // size) + 1):
                    answer = await http.get(f"{ACCOUNTS}?o={','.join(order)}&page_size={size}&page={page}")
                    assert answer.headers["x-result-count"] == str(len(PEOPLE))
                    found += [one["uuid"] for one in answer.json()]
                assert found == expected, (order, size)


FILTERS: list[tuple[dict[str, Any], Any]] = [
    ({"state": ["OK"]}, lambda one: one["state"] == "OK"),
    ({"state": ["Erred", "Pending"]}, lambda one: one["state"] in ("Erred", "Pending")),
    ({"email": "E@"}, lambda one: "e@" in one["email"].lower()),
    ({"email": "EXAMPLE", "state": "OK"}, lambda one: one["state"] == "OK"),
    ({"email": "cleo", "username": "u-Cleo"}, lambda one: one["username"] == "u-Cleo"),
    ({"email": "ann", "username": "u-Cleo"}, lambda _: False),
    ({"username": "u-ann"}, lambda one: one["username"] == "u-ann"),
    ({"project_uuid": COURSES["algebra"].hex}, lambda one: of_algebra(one)),
    (
        {"project_uuid": COURSES["algebra"].hex, "email": "a"},
        lambda one: of_algebra(one) and "a" in one["email"],
    ),
    ({"project_start_date_after": "2026-03-01"}, lambda one: one["project_start_date"] is not None),
    ({"project_start_date_before": "2026-02-28"}, lambda _: False),
    ({"project_end_date_after": "2026-06-02"}, lambda one: of_algebra(one)),
    (
        {"project_end_date_before": "2026-06-01", "state": "OK"},
        lambda one: of_zoology(one) and one["state"] == "OK",
    ),
    ({"email": "@", "project_end_date_before": "2026-06-01"}, lambda one: of_zoology(one)),
]


def of_algebra(one: dict[str, Any]) -> bool:
    """Whether the account is of this course."""
    return bool(one["project_name"] == "algebra")


def of_zoology(one: dict[str, Any]) -> bool:
    """Whether the account is of this course."""
    return bool(one["project_name"] == "zoology")


WAYS: dict[str, dict[Any, dict[str, Any]]] = {
    "usual": {},
    "few": {paging: {"_WALK": 0}, reading: {"FAR": 0}},
    "many": {paging: {"_WALK": 10**6, "NARROW": 0}, matching: {"FEW": 0, "_PASS": 0}, reading: {"FEW": 0}},
    "sorted": {
        paging: {"NARROW": 0, "_MOST_ALONG": 0},
        matching: {"FEW": 0, "_PASS": 10**6},
        reading: {"_MOST_SPANS": 0},
    },
}
"""What decides where accounts are looked for, so that every way is gone with a few accounts."""


@pytest.mark.parametrize("way", WAYS)
async def test_every_filter_with_its_exact_number(
    filled: Pool, admin: Pool, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """The number, GET and HEAD, and the accounts are those a plain search finds, whichever way they are looked for."""
    for module, values in WAYS[way].items():
        for name, value in values.items():
            monkeypatch.setattr(module, name, value)
    async with client(filled, admin) as http:
        every = (await http.get(f"{ACCOUNTS}?page_size=300")).json()
        for only, fits in FILTERS:
            expected = [one for one in every if fits(one)]
            for order in (("-created",), ("created",), ("email",), ("-project_name", "modified")):
                params = {**only, "o": ",".join(order), "page_size": 2}
                head = await http.head(ACCOUNTS, params=params)
                found = []
                for page in range(1, -(-len(expected) // 2) + 1):
                    answer = await http.get(ACCOUNTS, params={**params, "page": page})
                    assert answer.headers["x-result-count"] == str(len(expected)), (only, order)
                    found += [one["uuid"] for one in answer.json()]
                assert found == sorted_by(expected, order), (only, order)
                assert head.headers["x-result-count"] == str(len(expected)), (only, order)


@pytest.mark.parametrize("way", WAYS)
async def test_a_manager_gets_the_same_of_some_courses(
    filled: Pool, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Every filter and order, limited to one or two courses: what staff get, without the accounts of the others."""
    for module, values in WAYS[way].items():
        for name, value in values.items():
            monkeypatch.setattr(module, name, value)
    for only, order in product(
        KINDS, (*ORDERINGS[:3], ("username",), ("state", "-created"), ("project_name", "email"))
    ):
        _, every = await read_list(filled, only, order, limit=300, offset=0)
        for among in ([COURSES["algebra"]], [COURSES["zoology"], COURSES["botany"]]):
            expected = [row["account_id"] for row in every if row["project_id"] in among]
            found = []
            for offset in range(0, len(PEOPLE), 3):
                number, rows = await read_list(
                    filled, replace(only, among=among), order, limit=3, offset=offset
                )
                found += [row["account_id"] for row in rows]
                assert number == len(expected), (only, order)
            assert found == expected, (only, order, among)
        assert await read_list(filled, replace(only, among=[]), order, limit=3, offset=0) == (0, [])


KINDS = [
    AccountFilter(),
    AccountFilter(email="E"),
    AccountFilter(email="example", states=("OK",)),
    AccountFilter(username="u-ann"),
    AccountFilter(states=("OK", "Erred")),
    AccountFilter(project_id=COURSES["botany"]),
    AccountFilter(ends_from=date(2026, 6, 1)),
]


async def test_the_rules_of_the_new_models_hold(filled: Pool) -> None:
    """What the counts, addresses, stories and waiting accounts say is what the accounts are; a wrong one is found."""
    for model in READ_MODELS:
        if model.name in ("account_lists", "account_story", "waiting"):
            assert rules_of(model), model.name
            for _, name, _, rule in rules_of(model):
                assert await filled.fetch(rule) == [], name
    await filled.execute(
        "UPDATE account_counts SET ok = ok + 1, erred = erred - 1, last_created = last_created + '1 s'"
    )
    await filled.execute("DELETE FROM waiting")
    await filled.execute("DELETE FROM account_addresses WHERE account_id = $1", account_of("ann"))
    await filled.execute("DELETE FROM account_story WHERE account_id = $1 AND version = 1", account_of("ann"))
    broken = {
        name
        for model in READ_MODELS
        for _, name, _, rule in rules_of(model)
        if model.name in ("account_lists", "account_story", "waiting") and await filled.fetch(rule)
    }
    assert broken == {
        "counts_are_accounts",
        "spans_are_accounts",
        "addresses_are_accounts",
        "waiting_is_standing",
        "stories_are_whole",
    }
