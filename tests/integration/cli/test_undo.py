"""`course-accounts cancel`, `undo`, `correct` and `imports` against a server."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import IMPORT, PROJECT, STATUS, rows, said, status
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import surroundings

CANCEL = f"POST /api/course-imports/{IMPORT}/cancel/"
UNDO = f"POST /api/course-imports/{IMPORT}/undo/"
DRY = f"{UNDO}?dry_run=1"
COUNTED = {"uuid": IMPORT, "dry_run": True, "close": 2, "kept": 1, "nothing": 1, "pending": 0}
CLOSING = {
    "closing": {
        "outcome": "kept",
        "code": "OTHER_CLAIM",
        "message": "Somebody else asked for it.",
        "hint": "",
    }
}
STUCK = {"closing": {"outcome": "failed", "code": "CLOSE_REFUSED", "message": "The account service refused.",
                     "hint": "Ask its staff."}}  # fmt: skip


def undoing(state: str, version: int, **undo: int) -> dict[str, Any]:
    """A status of an undo."""
    whole = {"open": 0, "closed": 0, "kept": 0, "failed": 0, **undo}
    counts = {"created": 3 - whole["closed"], "closed": whole["closed"], "failed": 1}
    return {**status(state, version=version, **counts), "undo": whole}


@pytest.fixture(autouse=True)
def undone(script: Script) -> None:
    """An undo that ends with one account in each bucket."""
    script.on(DRY, Answer(200, COUNTED))
    script.on(UNDO, Answer(202, undoing("undoing", 7, open=3)))
    script.on(STATUS, said(status("finished", version=6, created=3, failed=1)),
              said(undoing("undone", 9, closed=1, kept=1, failed=1)))  # fmt: skip
    script.on(f"GET /api/course-imports/{IMPORT}/rows/?closing=kept&page_size=50",
              rows({"row": 2, "line": 3, "email": "b@example.org", **CLOSING}))  # fmt: skip
    script.on(f"GET /api/course-imports/{IMPORT}/rows/?closing=failed&page_size=50",
              rows({"row": 3, "line": 4, "email": "c@example.org", **STUCK}))  # fmt: skip


def test_undo_counts_asks_and_tells_the_three_buckets(call: Call, script: Script) -> None:
    """What is closed, kept and why, not closed and why; a status from before the undo is not its end; exit code 5."""
    here = surroundings(terminal=True, typed="y\n")
    code, _ = call("undo", IMPORT, "--wait", "--reason", "wrong course", here=here)
    assert code == 5
    assert "2 accounts would be closed.\n1 row kept: somebody else asked for it too.\n" in here.stderr.text
    assert "Close 2 accounts? [y/N]" in here.stderr.text
    assert here.stdout.text.splitlines() == [
        "Closed: 1 account",
        "Kept: 1 account",
        "  LINE  E-MAIL         WHY",
        "     3  b@example.org  Somebody else asked for it.",
        "Could not be closed: 1 account",
        "  LINE  E-MAIL         WHY",
        "     4  c@example.org  The account service refused.",
        "  Ask its staff.",
        "4 = 2 created + 1 failed + 1 closed",
    ]
    assert [json.loads(asked.body) for asked in script.find(UNDO)] == [{}, {"reason": "wrong course"}]


def test_undo_declined_changes_nothing(call: Call, script: Script) -> None:
    """Only the count was asked for; exit code 3."""
    here = surroundings(terminal=True, typed="\n")
    assert call("undo", IMPORT, here=here)[0] == 3
    assert len(script.find(UNDO)) == 1


def test_dry_run_only_counts(call: Call, script: Script) -> None:
    """As text, and as the answer of the server."""
    code, here = call("undo", IMPORT, "--dry-run")
    assert (code, here.stdout.text.splitlines()[0]) == (0, "2 accounts would be closed.")
    assert json.loads(call("undo", IMPORT, "--dry-run", "--json")[1].stdout.text) == COUNTED
    assert {asked.line for asked in script.find(UNDO)} == {DRY}


def test_undo_for_a_script(call: Call, script: Script) -> None:
    """--yes --json: no count, no question, the status as one line."""
    code, here = call("undo", IMPORT, "--yes", "--json")
    assert (code, json.loads(here.stdout.text)["state"], here.stderr.text) == (0, "undoing", "")
    assert {asked.line for asked in script.find(UNDO)} == {UNDO}


def test_an_undo_without_leftovers_ends_with_0(call: Call, script: Script) -> None:
    """What somebody else uses is no failure."""
    script.on(STATUS, said(undoing("undone", 9, closed=2, kept=1)))
    assert call("undo", IMPORT, "--wait")[0] == 0


def test_cancel(call: Call, script: Script) -> None:
    """With a reason; --wait stays until nothing runs any more, whatever was cancelled."""
    script.on(CANCEL, Answer(202, status("cancelling", version=5, created=1)))
    script.on(STATUS, said(status("running", version=4, created=1)), said(status("cancelled", version=8, created=1,
                                                                                 cancelled=3)))  # fmt: skip
    code, here = call("cancel", IMPORT, "--reason", "too early", "--wait")
    assert (code, here.stdout.text) == (0, "4 = 1 created + 3 cancelled\n")
    assert json.loads(script.find(CANCEL)[0].body) == {"reason": "too early"}
    code, here = call("cancel", IMPORT)
    assert (code, here.stdout.text) == (0, "")


def test_a_wrong_state_is_said(call: Call, script: Script) -> None:
    """409: the sentence of the server, exit code 1."""
    script.on(CANCEL, problem(409, "NOT_RUNNING", "The import is finished: there is nothing to stop."))
    code, here = call("cancel", IMPORT)
    assert (code, here.stderr.text) == (1, "Error: The import is finished: there is nothing to stop.\n")


def test_correct(call: Call, script: Script) -> None:
    """The row with its new revision; only what was said is sent."""
    path = f"PATCH /api/course-imports/{IMPORT}/rows/3/"
    script.on(path, Answer(200, {"row": 3, "email": "new@example.org", "class": "pending", "revision": 1}))
    code, here = call("correct", IMPORT, 3, "--email", "new@example.org")
    assert (code, here.stdout.text) == (0, "Row 3, new@example.org: pending (revision 1)\n")
    call("correct", IMPORT, 3, "--description", "", "--confirm")
    assert [json.loads(asked.body) for asked in script.find(path)] == [
        {"email": "new@example.org"},
        {"description": "", "confirmed": True},
    ]


def test_correct_by_line(call: Call, script: Script) -> None:
    """The line of the file instead of the number of the row, as the outcome shows it."""
    path = f"PATCH /api/course-imports/{IMPORT}/rows/3/"
    script.on(f"GET /api/course-imports/{IMPORT}/rows/", rows({"row": 3, "line": 5, "email": "bad"}))
    script.on(path, Answer(200, {"row": 3, "email": "new@example.org", "class": "pending", "revision": 1}))
    assert call("correct", IMPORT, "--line", 5, "--email", "new@example.org")[0] == 0
    assert len(script.find(path)) == 1
    code, here = call("correct", IMPORT, "--line", 6, "--email", "new@example.org")
    assert (code, "line 6" in here.stderr.text) == (6, True)
    assert call("correct", IMPORT, 3, "--line", 5, "--email", "x@example.org")[0] == 2


def test_imports_are_listed(call: Call, script: Script) -> None:
    """Newest first as the server gives them, with every filter passed on."""
    one = {**status("finished", created=4), "file": {"name": "course.csv"}}
    other = {**status("running", created=1), "file": None, "source": "topic", "uuid": "6" * 32}
    script.on("GET /api/course-imports/", Answer(200, {"results": [one, other], "next": None}))
    code, here = call("imports", "-p", "course-a", "--state", "running", "--state", "finished", "--source", "topic",
                      "--author", "mari", "--after", "2026-11-01", "--before", "2026-12-01")  # fmt: skip
    assert code == 0
    lines = here.stdout.text.splitlines()
    assert lines[0].split() == ["IMPORT", "SUBMITTED", "STATE", "SOURCE", "BY", "FILE", "ROWS"]
    assert lines[1].startswith(IMPORT)
    assert lines[1].endswith("course.csv  4 = 4 created")
    assert "topic" in lines[2]
    asked = script.asked[-1].line
    for part in (f"project={PROJECT['uuid']}", "state=running&state=finished", "source=topic", "author=mari",
                 "submitted_after=2026-11-01", "submitted_before=2026-12-01"):  # fmt: skip
        assert part in asked
