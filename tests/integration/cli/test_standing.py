"""The commands about what happened, what waits, and how far the tables are: history, waiting, lag."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import IMPORT, PROJECT
from tests.integration.cli.scripted import Answer, Script, problem
from tests.integration.cli.test_lists import ACCOUNTS, account

ANNA = str(account("anna")["uuid"])
HISTORY = f"GET {ACCOUNTS}{ANNA}/history/"
EVENT = {
    "time": "2026-11-23T08:00:00Z",
    "event": "requested",
    "sentence": "Row 3 of an import asked for the account.",
    "by": "staff",
    "data": {},
    "import": IMPORT,
    "row": 3,
}
MADE = {**EVENT, "event": "created", "sentence": "The account u-anna was made.", "by": None}
SUM = {"count": 2, "oldest_since": "2026-11-23T08:00:00Z", "next_attempt": "2026-11-23T08:05:00Z"}


@pytest.fixture
def story(script: Script) -> Script:
    """Anna has one account, with a story on two pages."""
    script.on(f"GET {ACCOUNTS}", Answer(200, [account("anna"), account("joanna")]))
    script.on(
        HISTORY,
        Answer(200, {"results": [EVENT], "next": f"{HISTORY[4:]}?cursor=x"}),
        Answer(200, {"results": [MADE], "next": None}),
    )
    return script


def test_the_story_of_an_address(call: Call, story: Script) -> None:
    """The account whose address it is, not those that contain it; every page, with who and which row."""
    code, here = call("history", "Anna@example.org", "--project", "course-a")
    heading, first, second = here.stdout.text.splitlines()
    assert code == 0
    assert heading.split() == ["WHEN", "WHAT", "BY", "IMPORT", "ROW"]
    assert first.split()[2:] == [*str(EVENT["sentence"]).split(), "staff", IMPORT, "3"]
    assert "The account u-anna was made." in second
    assert here.stderr.text == "2 events\n"
    assert f"project_uuid={PROJECT['uuid']}" in story.find(f"GET {ACCOUNTS}")[0].line


def test_the_story_of_an_id_as_json(call: Call, story: Script) -> None:
    """An id is asked for at once; JSON is what the server said."""
    code, here = call("history", ANNA, "--json")
    assert (code, json.loads(here.stdout.text)) == (0, [EVENT, MADE])
    assert not story.find(f"GET {ACCOUNTS}")


def test_whose_story_is_not_clear(call: Call, story: Script) -> None:
    """Nobody of that address is 6, several accounts 2 with their ids, an unknown id 6."""
    assert call("history", "mart@example.org")[0] == 6
    story.on(f"GET {ACCOUNTS}", Answer(200, [account("anna"), {**account("anna"), "uuid": "b" * 32}]))
    code, here = call("history", "anna@example.org")
    assert code == 2
    assert "b" * 32 in here.stderr.text
    story.on(f"GET {ACCOUNTS}{'c' * 32}/history/", problem(404, "NOT_FOUND", "There is no such account."))
    assert call("history", "c" * 32)[0] == 6


def test_what_waits(call: Call, script: Script) -> None:
    """How many, the account service, causes, courses, imports, and what waits longest."""
    why = "The account service asks us to wait."
    body: dict[str, Any] = {
        "total": 2,
        "target": {"state": "paused", "since": "2026-11-23T08:00:00Z", "reason": why, "next_probe": None},
        "causes": [{"code": "TARGET_BUSY", "sentence": why, **SUM}],
        "projects": [{"project_uuid": "a" * 32, "project_name": "Course A", **SUM}],
        "imports": [{"import": IMPORT, "project_uuid": "a" * 32, **SUM}],
        "oldest": [
            {"import": IMPORT, "row": 12, "sentence": why, "since": SUM["oldest_since"], "attempts": 4}
        ],
    }
    script.on("GET /api/waiting/", Answer(200, body))
    code, here = call("waiting")
    text = here.stdout.text
    assert code == 0
    assert text.startswith("Waiting: 2 accounts\nAccount service: paused since 2026-11-23")
    assert [line.split()[0] for line in text.splitlines() if why in line and "paused" not in line] == [
        "2",
        IMPORT,
    ]
    assert "Course A" in text
    assert json.loads(call("waiting", "--json")[1].stdout.text) == body


def test_nothing_waits(call: Call, script: Script) -> None:
    """One line."""
    script.on("GET /api/waiting/", Answer(200, {"total": 0, "target": {"state": "answering"}}))
    assert call("waiting")[1].stdout.text == "Waiting: 0 accounts\n"


def test_how_far_the_tables_are(call: Call, script: Script) -> None:
    """A line for each read model; what the log did not say is not known."""
    model = {"name": "accounts", "version": 2, "question": "Which accounts are there?", "set": "projector"}
    models = [
        {**model, "records_ahead": 3, "oldest_unprocessed_seconds": 1.25},
        {**model, "name": "waiting", "records_ahead": None, "oldest_unprocessed_seconds": 9.0},
    ]
    script.on("GET /api/read-models/", Answer(200, {"results": models, "next": None}))
    code, here = call("lag")
    _, first, second = here.stdout.text.splitlines()
    assert code == 0
    assert first.split()[:6] == ["accounts", "2", "projector", "3", "1.2", "s"]
    assert second.split()[3:5] == ["not", "known"]
    assert json.loads(call("lag", "--json")[1].stdout.text) == models
