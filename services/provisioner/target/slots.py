"""The rate as slots: moments at which one call each may be made. Reserved in batches, evenly spaced. Pure.

A batch takes a little more time than its slots: so much may a call of it be late without coming too close to the
next batch, which may be another copy's. What is later than that is void; nothing is ever made up for.
"""

from collections import deque
from dataclasses import dataclass
from math import ceil

_EVEN_BELOW = 20.0
"""Calls a second up to which each call keeps its distance from the one before."""
_LATE_S = 0.025
"""Above that so many seconds' calls may be late together: a quarter of what a target should bear."""
_APART = 1.02
_LONG = 1.04
"""How much farther apart than at the limit two calls are, and how much longer a batch takes: so much may a call lose
or gain on its way, and be late, without being refused."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a second, over all copies."""

    per_second: float

    @property
    def even(self) -> bool:
        """Whether each call keeps its distance from the one before."""
        return self.per_second <= _EVEN_BELOW

    @property
    def batch(self) -> int:
        """Most slots to reserve at once."""
        return max(1, int(self.per_second * (1.0 if self.even else 0.5)))

    @property
    def distance(self) -> float:
        """Seconds between two slots."""
        return _APART / self.per_second

    @property
    def least_distance(self) -> float:
        """Seconds that must lie between two calls of one process."""
        return self.distance if self.even else 0.0

    def length(self, count: int) -> float:
        """Seconds that so many slots take."""
        return count * _LONG / self.per_second

    def lateness(self, count: int) -> float:
        """Seconds by which a call may miss its slot in a batch of so many."""
        slack = self.length(count) - count * self.distance
        return slack if self.even else max(slack, _LATE_S)


class Slots:
    """The slots that one process holds. Times are seconds of its own clock."""

    def __init__(self) -> None:
        self._rate: Rate | None = None
        self._slots: deque[tuple[float, float]] = deque()
        self._ends = float("-inf")
        self._last = float("-inf")
        self.wasted = 0
        """Slots that nobody used in time."""

    def __len__(self) -> int:
        return len(self._slots)

    def wanted(self, rate: Rate, waiting: int) -> int:
        """How many more to reserve, for so many that wait: a batch ahead at most."""
        self._of(rate)
        if len(self._slots) >= max(1, ceil(rate.batch / 2)):
            return 0
        return max(0, min(rate.batch, waiting - len(self._slots)))

    def add(self, rate: Rate, first: float, count: int) -> None:
        """So many are ours, from `first` on."""
        self._of(rate)
        late = rate.lateness(count)
        if abs(first - self._ends) < late:  # nobody comes between: the batch before has as much time more
            self._slots = deque((at, until + late) for at, until in self._slots)
        self._slots.extend(
            (first + n * rate.distance, first + n * rate.distance + late) for n in range(count)
        )
        self._ends = first + rate.length(count)

    def take(self, now: float) -> float:
        """Take the next slot: nought, if it is now; else the seconds until it is worth asking again."""
        while self._slots and self._slots[0][1] < now:
            self._slots.popleft()
            self.wasted += 1
        if not self._slots or self._rate is None:
            return float("inf")
        wait = max(self._slots[0][0], self._last + self._rate.least_distance) - now
        if wait > 0:
            return wait
        self._slots.popleft()
        self._last = now
        return 0.0

    def drop(self) -> None:
        """Nothing is reserved any more."""
        self.wasted += len(self._slots)
        self._slots.clear()
        self._rate = None

    def _of(self, rate: Rate) -> None:
        if rate != self._rate:
            self.drop()
            self._rate = rate
