"""What a watchdog needs to know of a consumer."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsumerHealth:
    """A consumer at one moment. Times are seconds before that moment."""

    dead: str | None
    """Why it will never read again, if so."""
    waiting_for: str | None
    """Stated reason not to read now: back-pressure, something away, positions being read."""
    waiting_s: float
    """How long it has been waiting for that."""
    assigned: int
    """Partitions it owns."""
    lag: int
    """Records known to lie ahead in them."""
    progress_s: float
    """Since it last handled records, or saw that there were none to handle."""
    contact_s: float
    """Since a broker last told it where its partitions end."""

    def verdict(self, *, no_progress_s: float, no_contact_s: float) -> str | None:
        """Return why the process should end, or nothing."""
        if self.dead is not None:
            return self.dead
        if self.contact_s > no_contact_s:
            return f"no contact with Kafka for {self.contact_s:.0f} s"
        if self.waiting_for is None and self.lag and self.progress_s > no_progress_s:
            return f"{self.lag} records ahead and none handled for {self.progress_s:.0f} s"
        return None


class Progress:
    """When things last went well, by a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._progress = self._contact = self._since = clock()
        self.waiting_for: str | None = None

    def wait(self, reason: str | None) -> None:
        """Note what is being waited for; `None`: nothing any more, and the time to progress starts anew."""
        if reason != self.waiting_for:
            self._since = self._clock()
        if reason is None and self.waiting_for is not None:
            self._progress = self._clock()
        self.waiting_for = reason

    def progressed(self) -> None:
        """Note that records were handled, or that there were none."""
        self._progress = self._clock()

    def contacted(self) -> None:
        """Note that a broker answered."""
        self._contact = self._clock()

    def health(self, *, dead: str | None, assigned: int, lag: int) -> ConsumerHealth:
        """The consumer now."""
        now = self._clock()
        return ConsumerHealth(
            dead=dead,
            waiting_for=self.waiting_for,
            waiting_s=now - self._since if self.waiting_for else 0.0,
            assigned=assigned,
            lag=lag,
            progress_s=now - self._progress,
            contact_s=now - self._contact,
        )
