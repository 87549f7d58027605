"""What to do when handling fails: wait and try again, or give up."""

import traceback
from collections.abc import Callable

from aiokafka.errors import KafkaError

from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.common.records import LogDamaged, PositionLost

_DAMAGE_LOOKS = 3  # a broker that has just become leader may name an end too low, for a moment


def is_operational(error: BaseException) -> bool:
    """Whether something is away, slow or busy, so that trying again later may help."""
    return isinstance(error, (*OPERATIONAL_ERRORS, KafkaError)) and not isinstance(
        error, (*MISTAKES, ValueError)
    )


def named(error: BaseException) -> str:
    """Name an error without its words: those of Postgres quote rows, and rows are personal."""
    return str(error) if isinstance(error, LogDamaged) else type(error).__name__


def trail(error: BaseException, depth: int = 6) -> list[str]:
    """Return where an error arose, innermost call last, for a log line; no words, no values."""
    frames = traceback.extract_tb(error.__traceback__)[-depth:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class Failures:
    """Failures in a row, without progress between them."""

    def __init__(
        self, *, first_s: float, longest_s: float, tries_of_a_bug: int, jitter: Callable[[], float]
    ) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._tries_of_a_bug = tries_of_a_bug
        self._jitter = jitter
        self._row = 0
        self._bugs = 0
        self._damage = 0

    def progressed(self) -> None:
        """Begin to count anew."""
        self._row = self._bugs = self._damage = 0

    def located(self) -> None:
        """Note that the log holds all that it should: a suspicion of damage is gone."""
        self._damage = 0

    def delay_after(self, error: BaseException) -> float | None:
        """Return seconds to wait before the next try, or `None` to give up.

        A first lost position is no failure, only a reason to look again. Things
        that are away are waited for without limit, up to the longest delay each
        time; a bug gets a few tries, because it may hang on the moment.
        """
        if isinstance(error, PositionLost) and self._row == 0:
            self._row = 1
            return 0.0
        if isinstance(error, LogDamaged):
            self._damage += 1
            if self._damage >= _DAMAGE_LOOKS:
                return None
        elif not isinstance(error, PositionLost) and not is_operational(error):
            self._bugs += 1
            if self._bugs >= self._tries_of_a_bug:
                return None
        delay = min(self._longest_s, self._first_s * float(1 << min(self._row, 30)))
        self._row += 1
        return delay * (0.5 + 0.5 * self._jitter())
