"""How long to wait before a process that has ended is started again."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubling waits with full jitter above a floor. All in seconds."""

    first: float = 0.4
    longest: float = 30.0
    floor: float = 0.1
    healthy_after: float = 60.0
    """A process that ran this long has recovered: its next end counts as the first."""

    def failures(self, before: int, ran: float) -> int:
        """Count of failures in a row, this end included; `ran` is how long the process lived."""
        return 1 if ran >= self.healthy_after else before + 1

    def delay(self, failures: int, random: Callable[[], float]) -> float:
        """The wait after so many failures in a row. `random` gives numbers in [0, 1)."""
        ceiling = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return max(self.floor, ceiling * random())
