"""`course-accounts target` against a server."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.scripted import Answer, Script, problem

TARGET: dict[str, Any] = {
    "name": "account-service",
    "state": "up",
    "since": "2026-09-01T10:00:00Z",
    "code": None,
    "reason": None,
    "next_attempt": None,
    "paused": None,
    "rate": 40.0,
    "copies": 2,
    "calls": {"under_way": 12, "last_minute": {"answered": 2310, "unclear": 4, "not_taken": 0}},
}
PAUSED = {
    **TARGET,
    "state": "paused",
    "reason": "The operators have paused the work with the account service.",
    "paused": {"by": "mari", "reason": "moving house", "since": "2026-09-01T10:00:00Z"},
    "rate": None,
}


@pytest.fixture(autouse=True)
def answers(script: Script) -> None:
    """A target that is up until it is paused."""
    script.on("GET /api/target/", Answer(200, TARGET))
    script.on("POST /api/target/pause/", Answer(200, PAUSED))
    script.on("POST /api/target/resume/", Answer(200, TARGET))
    script.on("PATCH /api/target/", Answer(200, TARGET))


@pytest.mark.parametrize("words", [["target"], ["target", "show"]])
def test_it_is_shown(call: Call, words: list[str]) -> None:
    """One line for each thing there is to say."""
    code, here = call(*words)
    assert code == 0
    lines = [line.split("  ")[0] + "|" + line.split("  ")[-1].strip() for line in _lines(here)]
    assert lines[:2] == ["Account service|account-service", "State|up"]
    assert lines[3:] == [
        "Rate|40 calls/s",
        "Calls under way|12",
        "Last minute|2,310 answered, 4 unclear, 0 not taken",
        "Copies|2",
    ]


def test_it_is_paused_with_a_reason(call: Call, script: Script) -> None:
    """Who paused it and why is shown; a rate of null is no limit."""
    code, here = call("target", "pause", "--reason", "moving house")
    assert code == 0
    assert [json.loads(asked.body) for asked in script.find("POST /api/target/pause/")] == [
        {"reason": "moving house"}
    ]
    text = here.stdout.text
    assert "mari: moving house" in text
    assert "The operators have paused the work" in text
    assert "no limit" in text


def test_it_is_resumed(call: Call, script: Script) -> None:
    """As JSON: the server's answer."""
    code, here = call("target", "resume", "--json")
    assert (code, json.loads(here.stdout.text)) == (0, TARGET)
    assert len(script.find("POST /api/target/resume/")) == 1


@pytest.mark.parametrize(("said", "sent"), [("40", 40.0), ("0.5", 0.5), ("none", None)])
def test_the_rate_is_changed(call: Call, script: Script, said: str, sent: float | None) -> None:
    """A number, or none."""
    code, _ = call("target", "rate", said)
    assert code == 0
    (asked,) = script.find("PATCH /api/target/")
    assert json.loads(asked.body) == {"rate": sent}


@pytest.mark.parametrize("said", ["0", "fast", "-1", "nan", "100000"])
def test_what_is_no_rate_is_not_sent(call: Call, script: Script, said: str) -> None:
    """Exit code 2, with what to say instead."""
    code, here = call("target", "rate", said)
    assert code == 2
    assert script.find("PATCH /api/target/") == []
    assert here.stderr.text


def test_who_may_not_is_told(call: Call, script: Script) -> None:
    """Exit code 4."""
    script.on("POST /api/target/pause/", problem(403, "NOT_ALLOWED", "Your token does not allow this."))
    code, here = call("target", "pause")
    assert code == 4
    assert "does not allow" in here.stderr.text


def _lines(here: Any) -> list[str]:
    return list(here.stdout.text.splitlines())
