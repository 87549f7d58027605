"""Faults: seeded dice, the rate ceiling, and a set that is checked before it counts."""

import pytest
from pydantic import ValidationError

from deploy.account_service.faults import FaultPlan, Faults


class Clock:
    """A clock that stands still until moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


def rolls(seed: int, count: int = 200) -> list[bool]:
    """A row of throws."""
    plan = FaultPlan(seed=seed, monotonic=Clock())
    return [plan.roll(0.3) for _ in range(count)]


def test_the_same_seed_gives_the_same_faults() -> None:
    """A failed run can be repeated."""
    assert rolls(7) == rolls(7)
    assert rolls(7) != rolls(8)
    assert 30 < sum(rolls(7)) < 90


def test_a_seed_in_the_faults_starts_again() -> None:
    """A test need not start a new process for a fresh row of dice."""
    plan = FaultPlan(seed=1, monotonic=Clock())
    plan.set(Faults(seed=7))
    assert [plan.roll(0.3) for _ in range(200)] == rolls(7)


def test_the_ceiling_lets_its_rate_through_and_no_more() -> None:
    """At 40 a second, 100 calls a second for ten seconds pass 400 times, give or take the first burst."""
    clock = Clock()
    plan = FaultPlan(seed=1, monotonic=clock)
    plan.set(Faults(ceiling_per_second=40))
    passed = 0
    for _ in range(1000):
        clock.seconds += 0.01
        passed += not plan.over_ceiling()
    assert 396 <= passed <= 405


def test_an_even_stream_at_the_ceiling_passes_whole() -> None:
    """A client that keeps to the limit is never told off."""
    clock = Clock()
    plan = FaultPlan(seed=1, monotonic=clock)
    plan.set(Faults(ceiling_per_second=40))
    refused = 0
    for _ in range(400):
        clock.seconds += 1 / 39.9
        refused += plan.over_ceiling()
    assert refused == 0


def test_the_refuse_pattern_is_a_glob_in_any_case() -> None:
    """Patterns are simple on purpose: a regular expression could hang the service."""
    plan = FaultPlan(seed=1, monotonic=Clock())
    plan.set(Faults(refuse="*@bad.Example"))
    assert plan.refuses("Ada@BAD.example")
    assert not plan.refuses("ada@bad.example.org")


@pytest.mark.parametrize(
    "wrong", [{"error_rate": 1}, {"error_before": 1.5}, {"down": "maybe"}, {"latency_ms": -1}]
)
def test_a_misspelt_or_impossible_fault_is_refused(wrong: dict[str, object]) -> None:
    """A test that asks for a fault that does not exist must not pass for want of it."""
    with pytest.raises(ValidationError):
        Faults.model_validate(wrong)
