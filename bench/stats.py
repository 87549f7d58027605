"""Pairs of floor and work, and what they say together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.measure import FOREIGN_LIMIT, Measured

LEAST_CLEAN = 3
"""Fewer unmarked pairs than this say nothing of their own."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A work between two measurements of its floor."""

    before: Measured
    work: Measured
    after: Measured
    speed_ms: float = 0.0
    """What the fixed piece of Python took just before the work."""

    @property
    def floor_rate(self) -> float:
        """Units a second of the floor, both measurements together."""
        floors = (self.before, self.after)
        return sum(f.units for f in floors) / sum(f.seconds for f in floors)

    @property
    def ratio(self) -> float:
        """Work against floor; 1 is as fast as the raw parts one after the other."""
        return self.work.rate / self.floor_rate

    @property
    def foreign(self) -> float:
        """The largest share of the machine that others used during any part."""
        return max(m.foreign for m in (self.before, self.work, self.after))

    @property
    def marked(self) -> bool:
        """Whether others used so much that the pair is doubtful."""
        return self.foreign > FOREIGN_LIMIT


@dataclass(frozen=True, slots=True)
class Spread:
    """Middle and ends of some numbers."""

    median: float
    least: float
    most: float


def spread(numbers: Iterable[float]) -> Spread:
    """Median, least and most.

    Raises:
        ValueError: there are no numbers.
    """
    ordered = sorted(numbers)
    if not ordered:
        raise ValueError("no numbers")
    return Spread(median(ordered), ordered[0], ordered[-1])


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, against what, and every pair."""

    name: str
    title: str
    unit: str
    floor: str
    goal: float
    pairs: Sequence[Pair]
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> list[Pair]:
        """The pairs that are not marked."""
        return [pair for pair in self.pairs if not pair.marked]

    @property
    def ratio(self) -> Spread:
        """Over all pairs."""
        return spread(pair.ratio for pair in self.pairs)

    @property
    def clean_ratio(self) -> Spread | None:
        """Over the unmarked pairs, if some are marked and enough are not."""
        if len(self.clean) in range(LEAST_CLEAN, len(self.pairs)):
            return spread(pair.ratio for pair in self.clean)
        return None

    @property
    def rate(self) -> Spread:
        """Units a second of the work."""
        return spread(pair.work.rate for pair in self.pairs)

    @property
    def floor_rate(self) -> Spread:
        """Units a second of the floor."""
        return spread(pair.floor_rate for pair in self.pairs)

    @property
    def reached(self) -> bool:
        """Whether the median ratio reaches the goal."""
        return self.ratio.median >= self.goal

    def cpu_us(self, process: str, *, of: Callable[[Pair], Measured]) -> float:
        """Median CPU microseconds per unit of one process."""
        return median(of(pair).cpu_us(process) for pair in self.pairs)

    def step_us(self, step: str, *, of: Callable[[Pair], Measured]) -> float:
        """Median microseconds per unit, by the clock on the wall, of one step."""
        return median(of(pair).steps.get(step, 0.0) / of(pair).units * 1e6 for pair in self.pairs)

    def value(self, name: str, *, of: Callable[[Pair], Measured]) -> Spread:
        """What else was seen, over all pairs."""
        return spread(of(pair).values[name] for pair in self.pairs if name in of(pair).values)

    def processes(self, of: Callable[[Pair], Measured]) -> list[str]:
        """Names of the processes measured, in their order."""
        return list(dict.fromkeys(name for pair in self.pairs for name in of(pair).cpu))


def of_work(pair: Pair) -> Measured:
    """The work of a pair."""
    return pair.work


def of_floor(pair: Pair) -> Measured:
    """The first floor of a pair."""
    return pair.before
