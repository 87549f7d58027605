"""The database's clock, read by our own: copies agree on it, however wrong their own clocks are."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_SAMPLES = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SharedClock:
    """Every answer of the database that names its time bounds the difference; all of them together are close."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives monotonic seconds; until the first sample it is taken for the database's."""
        self._clock = clock
        self._bounds: deque[tuple[float, float]] = deque(maxlen=_SAMPLES)
        self._ahead = 0.0

    def sample(self, asked: float, answered: float, told: datetime) -> None:
        """Between `asked` and `answered` of our clock the database's showed `told`."""
        seconds = (told - _EPOCH).total_seconds()
        bounds = (seconds - answered, seconds - asked)
        self._bounds.append(bounds)
        least = max(low for low, _ in self._bounds)
        most = min(high for _, high in self._bounds)
        if least > most:  # one of the clocks was set
            self._bounds.clear()
            self._bounds.append(bounds)
            least, most = bounds
        self._ahead = (least + most) / 2

    def now(self) -> datetime:
        """The database's time."""
        return _EPOCH + timedelta(seconds=self._clock() + self._ahead)

    def local(self, moment: datetime) -> float:
        """A moment of the database's, as seconds of our own clock."""
        return (moment - _EPOCH).total_seconds() - self._ahead
