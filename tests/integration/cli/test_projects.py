"""`course-accounts projects` against a server: what is asked for, and what is shown of it."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import surroundings

UUID = "2f1d3a5b7c9e4f60a1b2c3d4e5f60718"
RECORD: dict[str, Any] = {
    "uuid": UUID,
    "revision": 3,
    "status": "active",
    "name": "Algebra",
    "slug": "algebra",
    "kind": "course",
    "start_date": "2026-09-01",
    "end_date": "2026-12-18",
    "ends_at": None,
    "customer_uuid": None,
    "customer_name": None,
    "managers": ["mari", "jaan"],
    "owners": [],
}
ONE = f"/api/course-projects/{UUID}/"


@pytest.fixture(autouse=True)
def answers(script: Script) -> None:
    """One project."""
    listed = {name: RECORD[name] for name in ("uuid", "name", "slug", "start_date", "end_date")}
    script.on("GET /api/course-projects/", Answer(200, {"results": [listed], "next": None}))
    script.on(f"GET {ONE}record/", Answer(200, RECORD))
    script.on("POST /api/course-projects/", Answer(201, RECORD))
    script.on(f"PATCH {ONE}", Answer(200, RECORD))
    script.on(f"DELETE {ONE}", Answer(200, {**RECORD, "status": "deleted"}))


def _sent(script: Script, line: str) -> Any:
    [asked] = script.find(line)
    return json.loads(asked.body)


def test_it_is_shown_with_its_people(call: Call) -> None:
    """One line for each thing there is to say; by its name, slug or uuid."""
    code, here = call("projects", "show", "Algebra")
    assert code == 0
    lines = [line.split(maxsplit=1) for line in here.stdout.text.splitlines()]
    assert ["Until", "2026-12-18"] in lines
    assert ["Managers", "mari, jaan"] in lines


def test_it_is_added_once_whatever_is_repeated(call: Call, script: Script) -> None:
    """With an Idempotency-Key; a day is the last day, and what is not said is left to the server."""
    code, here = call("projects", "add", "Algebra", "--until", "2026-12-18", "--manager", "mari", "--json")
    assert (code, json.loads(here.stdout.text)) == (0, RECORD)
    [asked] = script.find("POST /api/course-projects/")
    assert asked.headers["Idempotency-Key"]
    body = json.loads(asked.body)
    assert (body["name"], body["end_date"], body["managers"]) == ("Algebra", "2026-12-18", ["mari"])
    assert (body["slug"], body["start_date"], "ends_at" in body) == (None, None, False)


@pytest.mark.parametrize(
    ("until", "sent"),
    [
        ("2027-01-29", {"end_date": "2027-01-29"}),
        ("2027-01-29T16:00:00Z", {"ends_at": "2027-01-29T16:00:00+00:00"}),
    ],
)
def test_it_is_extended_to_a_day_or_a_moment(
    call: Call, script: Script, until: str, sent: dict[str, str]
) -> None:
    """The field says which of the two it is."""
    assert call("projects", "extend", "algebra", "--until", until)[0] == 0
    assert _sent(script, f"PATCH {ONE}") == sent


@pytest.mark.parametrize("until", ["tomorrow", "2027-13-01", "2027-01-29T16:00:00"])
def test_an_end_that_is_none_is_a_mistake_of_usage(call: Call, script: Script, until: str) -> None:
    """Also a moment without a time zone; nothing is sent."""
    assert call("projects", "extend", "algebra", "--until", until)[0] == 2
    assert not script.find(f"PATCH {ONE}")


def test_only_what_is_said_is_changed(call: Call, script: Script) -> None:
    """People that are named take the place of those before."""
    assert (
        call("projects", "set", "algebra", "--name", "Algebra I", "--manager", "a", "--manager", "b")[0] == 0
    )
    assert _sent(script, f"PATCH {ONE}") == {"name": "Algebra I", "managers": ["a", "b"]}
    code, here = call("projects", "set", "algebra")
    assert code == 2
    assert "Say what to change" in here.stderr.text


def test_ending_and_deleting_ask_first(call: Call, script: Script) -> None:
    """Both close accounts: a no changes nothing, --yes does not ask."""
    for order in ("end", "delete"):
        declined, here = call("projects", order, "algebra", here=surroundings(terminal=True, typed="n\n"))
        assert (declined, "close its accounts?" in here.stderr.text) == (3, True)
    assert not script.find(f"PATCH {ONE}") + script.find(f"DELETE {ONE}")
    assert call("projects", "end", "algebra", "--yes")[0] == 0
    assert list(_sent(script, f"PATCH {ONE}")) == ["ends_at"]
    code, here = call("projects", "delete", "algebra", "--yes")
    assert code == 0
    assert "Deleted" in here.stdout.text


def test_refusals_have_their_codes(call: Call, script: Script) -> None:
    """Not allowed is 4, unknown is 6, anything else 1."""
    script.on(f"PATCH {ONE}", problem(403, "NOT_ALLOWED", "You may extend or end this course."))
    assert call("projects", "set", "algebra", "--name", "B")[0] == 4
    script.on(
        "POST /api/course-projects/", problem(409, "SLUG_TAKEN", "Another project has this short name.")
    )
    assert call("projects", "add", "B")[0] == 1
    assert call("projects", "show", "botany")[0] == 6


def test_some_of_them_are_listed(call: Call, script: Script) -> None:
    """The server picks them; what is not said is not asked."""
    assert call("projects", "list", "--text", "algebra", "--kind", "course")[0] == 0
    assert call("projects", "--json")[0] == 0
    some, every = (asked.line for asked in script.find("GET /api/course-projects/"))
    assert "kind=course" in some
    assert "text=algebra" in some
    assert "kind" not in every
    assert "text" not in every
