"""What the calls of the last minute came to, for people who look."""

from collections import Counter, deque
from collections.abc import Callable

_SECONDS = 60


class Recent:
    """Counts a second; answered, unclear and not taken."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nothing yet; `clock` gives monotonic seconds."""
        self._clock = clock
        self._seconds: deque[tuple[int, Counter[str]]] = deque()

    def add(self, kind: str) -> None:
        """One call more."""
        second = int(self._clock())
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append((second, Counter()))
            self._forget(second)
        self._seconds[-1][1][kind] += 1

    def counts(self) -> Counter[str]:
        """The last minute's."""
        self._forget(int(self._clock()))
        return sum((counts for _, counts in self._seconds), Counter())

    def _forget(self, second: int) -> None:
        while self._seconds and self._seconds[0][0] <= second - _SECONDS:
            self._seconds.popleft()
