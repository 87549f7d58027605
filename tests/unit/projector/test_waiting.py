"""What waits: which accounts, since when, and the sums."""

from datetime import timedelta
from typing import Any

import pytest

from services.projector.core.moments import moment
from services.projector.waiting.report import Group, report
from tests.unit.projector.memory import Tables
from tests.unit.projector.stories import PROJECT, START, Story, account_of, claim, import_of

A1, A2, B1 = claim("a", 1), claim("a", 2), claim("b", 1)
UP = {"paused": False, "changed": None}


def test_an_account_waits_from_its_first_failure_to_its_end() -> None:
    """Later failures move the next try, not the beginning; an outcome ends it."""
    story = Story().requested("a", 1, "ann").retried("ann", A1).retried("ann", A1, attempt=2)
    (wait,) = Tables().fold(story.facts).waits.values()
    assert (wait.account_id, wait.import_id, wait.row) == (account_of("ann"), import_of("a"), 1)
    assert (wait.since, wait.attempts, wait.code) == (START + timedelta(seconds=1), 2, "TARGET_UNREACHABLE")
    assert Tables().fold(story.created("ann", A1).facts).waits == {}


@pytest.mark.parametrize("cuts", [(), (1, 2, 3, 4, 5)])
def test_waiting_again_begins_anew(cuts: tuple[int, ...]) -> None:
    """A person's retry puts it back to pending: what comes after that is another waiting, however batches are cut."""
    story = Story().requested("a", 1, "ann").retried("ann", A1).failed("ann", A1)
    story.retried("ann", A1, "person").retried("ann", A1)
    (wait,) = Tables().fold(story.facts, cuts=cuts).waits.values()
    assert wait.since == START + timedelta(seconds=4)


def test_the_row_it_is_made_for_may_change() -> None:
    """When the creator is cancelled, the account waits for the row that inherits it."""
    story = Story().requested("a", 1, "ann").requested("b", 1, "ann").met("ann", B1, "pending")
    story.retried("ann", A1).stopped("ann", A1)
    (wait,) = Tables().fold(story.facts).waits.values()
    assert (wait.import_id, wait.row) == (import_of("b"), 1)


def group(code: str, name: str, count: int, minute: int) -> Group:
    """Some that wait."""
    since = moment(START + timedelta(minutes=minute))
    return Group(code, import_of(name), PROJECT.project_id, count, since, since + timedelta(minutes=30))


def test_sums_by_cause_project_and_import() -> None:
    """Most first, the oldest beginning and the nearest try of each; imports beyond the limit are only counted."""
    retrying = [
        group("TARGET_BUSY", "a", 2, 5),
        group("TARGET_UNCERTAIN", "a", 1, 1),
        group("TARGET_BUSY", "b", 9, 3),
    ]
    found: dict[str, Any] = report(retrying, [], UP, {PROJECT.project_id: "P"}, imports=1)
    assert (found["total"], found["retrying"], found["pending"]) == (12, 12, 0)
    assert (found["oldest_since"], found["next_attempt"]) == ("2026-03-02T08:01:00Z", "2026-03-02T08:31:00Z")
    assert [(cause["code"], cause["count"]) for cause in found["causes"]] == [
        ("TARGET_BUSY", 11),
        ("TARGET_UNCERTAIN", 1),
    ]
    assert found["causes"][0]["sentence"] == "The account service asks us to wait."
    assert found["projects"] == [
        {"project_uuid": PROJECT.project_id.hex, "project_name": "P", "count": 12,
         "oldest_since": "2026-03-02T08:01:00Z", "next_attempt": "2026-03-02T08:31:00Z"}
    ]  # fmt: skip
    assert [(one["import"], one["count"]) for one in found["imports"]] == [(import_of("b").hex, 9)]
    assert found["target"]["state"] == "answering"


def test_nothing_waits() -> None:
    """Zeros and empty lists."""
    found = report([], [], UP, {}, imports=10)
    assert (found["total"], found["oldest_since"], found["causes"], found["imports"]) == (0, None, [], [])
