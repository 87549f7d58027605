"""Replays without a log: which commands make sense, how fast it goes, what belongs to a project."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

import services.projector.replay as replay_package
from schemas.codes import REPLAY_CODES
from services.common.http import Problem
from services.common.records import Record, TopicPartition
from services.projector.core.model import Located
from services.projector.replay.model import Command, Kind, Replay, State
from services.projector.replay.pace import Pace
from services.projector.replay.refusals import check_swap
from services.projector.replay.slicing import OfProject
from tests.unit.projector.memory import partition_of
from tests.unit.projector.stories import PROJECT, Story, claim, import_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HERE = TopicPartition("log", 0)


def a_replay(state: State, **changes: object) -> Replay:
    """A replay in some state, with a set."""
    fields = dict.fromkeys(Replay.__struct_fields__) | {
        "replay_id": UUID(int=1), "kind": Kind.BUILD, "state": state, "edition": "current", "slot": "projector_2",
        "author": "staff", "reason": "", "asked_at": NOW, "total": 100, "done": 40, "rate": 20.0, **changes,
    }  # fmt: skip
    return msgspec.convert(fields, Replay)


@pytest.mark.parametrize(
    ("state", "commands"),
    [
        (State.QUEUED, {"cancel"}),
        (State.BUILDING, {"cancel"}),
        (State.COMPARING, {"cancel"}),
        (State.WARM, {"compare", "swap", "clean-up"}),
        (State.SWAPPED, {"compare", "roll-back", "clean-up"}),
        (State.DONE, {"clean-up"}),
        (State.FAILED, {"clean-up"}),
        (State.CANCELLED, {"clean-up"}),
    ],
)
def test_each_state_takes_its_commands(state: State, commands: set[str]) -> None:
    """And no others; without a set there is nothing to clean up."""
    assert {command for command in Command if a_replay(state).takes(command)} == commands
    assert not a_replay(state, slot=None).takes(Command.CLEAN_UP)
    assert not a_replay(State.DONE, kind=Kind.VERIFY).takes(Command.CLEAN_UP), "it is dropped by itself"


def test_equal_is_said_only_after_a_comparison() -> None:
    """None before."""
    assert a_replay(State.WARM).equal is None
    assert a_replay(State.WARM, comparison={"equal": True}).equal is True


def test_time_left_follows_from_the_rate() -> None:
    """Only while the log is being read."""
    assert a_replay(State.BUILDING).seconds_left == 3.0
    assert a_replay(State.BUILDING, rate=0.0).seconds_left is None
    assert a_replay(State.WARM).seconds_left is None


def test_the_pace_is_that_of_the_last_seconds() -> None:
    """Records of an earlier process count as done, but not for the rate."""
    clock = [0.0]
    pace = Pace({HERE: 1000}, clock=lambda: clock[0])

    def read(first: int, number: int) -> None:
        pace.read([Record(*HERE, offset, 0, None, (), None) for offset in range(first, first + number)])

    clock[0] = 10.0
    read(1000, 100)
    assert (pace.done, pace.total({HERE: 2000}), pace.left({HERE: 2000})) == (1100, 2000, 900)
    for second in range(11, 21):
        clock[0] = float(second)
        read(1100 + (second - 11) * 50, 50)
    assert 45 < pace.rate() < 60
    clock[0] = 1000.0
    assert pace.rate() < 1


def test_a_project_is_its_imports_and_every_fact_of_its_accounts() -> None:
    """Also facts that come before the import names its project, if it is known; nothing of other projects."""
    mine = (
        Story()
        .skipped("a", _2="invalid")
        .accepted("a", 2)
        .requested("a", 1, "ann")
        .created("ann", claim("a", 1))
    )
    other = Story().accepted("b", 2).requested("b", 1, "ben").created("ben", claim("b", 1)).paused()
    another = replace(PROJECT, project_id=import_of("another"))
    foreign = [
        (time, replace(fact, project=another) if hasattr(fact, "project") else fact)
        for time, fact in other.facts
    ]
    keep = OfProject(PROJECT.project_id, [import_of("a")])
    kept = [fact for time, fact in [*mine.facts, *foreign] if keep(Located(partition_of(fact), time, fact))]
    assert kept == [*(fact for _, fact in mine.facts), foreign[-1][1]]


def a_rule(name: str, broken: int) -> dict[str, object]:
    """A rule of a comparison."""
    return {"model": "m", "name": name, "broken": broken}


@pytest.mark.parametrize(
    ("comparison", "swapped", "accept", "code"),
    [
        (None, None, False, "SETS_DIFFER"),
        ({"equal": False}, None, False, "SETS_DIFFER"),
        ({"equal": False}, None, True, None),
        ({"equal": True, "invariants": [a_rule("holds", 0)]}, None, False, None),
        (
            {"equal": True, "invariants": [a_rule("holds", 0), a_rule("breaks", 1)]},
            None,
            True,
            "RULES_BROKEN",
        ),
        ({"equal": True}, UUID(int=7), True, "CLEAN_UP_FIRST"),
    ],
)
def test_a_swap_is_refused_for_one_reason(
    comparison: dict[str, object] | None, swapped: UUID | None, accept: bool, code: str | None
) -> None:
    """Broken rules come before whatever was accepted."""
    replay = a_replay(State.WARM, comparison=comparison)
    if code is None:
        check_swap(replay, swapped=swapped, accept_differences=accept)
        return
    with pytest.raises(Problem) as problem:
        check_swap(replay, swapped=swapped, accept_differences=accept)
    assert (problem.value.status, problem.value.code) == (409, code)


def test_every_code_of_a_replay_has_a_sentence() -> None:
    """Whatever the code of replays names in capitals as a code is in the catalogue, and nothing else is."""
    named = set()
    for path in Path(replay_package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[A-Z]+(_[A-Z]+)+", str(node.value)):
                named.add(node.value)
    assert named - {"NOT_FOUND"} == set(REPLAY_CODES)
    assert all(code.message.endswith(".") and code.hint.endswith(".") for code in REPLAY_CODES.values())
