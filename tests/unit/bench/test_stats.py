"""What pairs of floor and work say together."""

import pytest

from bench.measure import FOREIGN_LIMIT, Measured
from bench.stats import Figure, Pair, of_floor, of_work, spread


def measured(units: int, seconds: float, *, foreign: float = 0.0, **cpu: float) -> Measured:
    """A measurement."""
    return Measured(units, seconds, cpu, foreign, steps={"calls": seconds / 2})


def pair(work_s: float, floor_s: float, after_s: float, *, foreign: float = 0.0) -> Pair:
    """A pair of 100 units."""
    return Pair(
        measured(100, floor_s, client=0.02),
        measured(100, work_s, foreign=foreign, importer=0.5, kafka=0.1),
        measured(100, after_s, client=0.02),
    )


def figure(*pairs: Pair) -> Figure:
    """A figure with a goal of one half."""
    return Figure("p", "P: a title", "account", "raw steps", 0.5, pairs)


def test_a_ratio_is_taken_against_the_floors_on_both_sides() -> None:
    """100 units in 4 s against 200 in 1 + 3 s: half as fast."""
    assert pair(4, 1, 3).floor_rate == 50
    assert pair(4, 1, 3).ratio == 0.5


def test_a_pair_is_marked_when_others_were_busy_in_any_part() -> None:
    """The share counts for floor and work alike."""
    quiet, busy = measured(1, 1), measured(1, 1, foreign=FOREIGN_LIMIT + 0.01)
    assert not Pair(quiet, quiet, quiet).marked
    assert Pair(busy, quiet, quiet).marked
    assert Pair(quiet, busy, quiet).marked
    assert Pair(quiet, quiet, busy).marked


def test_median_and_ends() -> None:
    """The middle of an even number lies between two."""
    found = spread([4, 1, 3, 2])
    assert (found.median, found.least, found.most) == (2.5, 1, 4)
    with pytest.raises(ValueError, match="no numbers"):
        spread([])


def test_a_figure_reaches_its_goal_by_its_median() -> None:
    """One lucky pair is not enough."""
    assert figure(pair(4, 2, 2), pair(4, 2, 2), pair(9, 2, 2)).reached
    assert not figure(pair(1, 2, 2), pair(5, 2, 2), pair(9, 2, 2)).reached


def test_unmarked_pairs_speak_alone_only_when_they_are_enough() -> None:
    """With none marked there is nothing to add; with two left there is too little."""
    quiet, busy = pair(4, 2, 2), pair(40, 2, 2, foreign=0.5)
    assert figure(quiet, quiet, quiet).clean_ratio is None
    assert figure(quiet, quiet, busy).clean_ratio is None
    clean = figure(quiet, quiet, quiet, busy).clean_ratio
    assert clean is not None
    assert (clean.median, clean.least) == (0.5, 0.5)


def test_cpu_is_told_per_unit() -> None:
    """0.5 s over 100 units are 5 ms each; a process that took no part cost nothing."""
    made = figure(pair(4, 2, 2))
    assert made.cpu_us("importer", of=of_work) == 5000
    assert made.cpu_us("importer", of=of_floor) == 0
    assert made.processes(of_work) == ["importer", "kafka"]
    assert made.step_us("calls", of=of_floor) == 10_000
