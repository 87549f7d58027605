"""How much work a process takes in hand: a second's, and always some for who has none there yet."""

from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

from services.provisioner.store.work import Room
from services.provisioner.work.turns import Held

_HOLD_S = 1.0
_MOST_IN_HAND = 8000


def room_of(held: Iterable[Held], *, in_hand: int, capacity: int, waiting: int) -> Room:
    """The room that is left of `capacity`, shared with `waiting` imports more."""
    found: Counter[tuple[UUID, UUID]] = Counter()
    for one in held:
        found[one.chunk.project_id, one.chunk.import_id] += one.left
    return Room(
        anybody=max(0, capacity - in_hand) // (waiting + 1),
        new_imports=max(0, 2 * capacity - in_hand),
        new_projects=max(0, _MOST_IN_HAND - in_hand),
        in_hand=found,
    )


class Pace:
    """Accounts per second, over the last seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._per_second = 0.0
        self._count = 0
        self._since = clock()

    def add(self, count: int) -> None:
        """So many more are done."""
        self._count += count
        span = self._clock() - self._since
        if span >= 0.2:
            weight = min(1.0, span)
            self._per_second += (self._count / span - self._per_second) * weight
            self._count, self._since = 0, self._clock()

    def capacity(self, least: int) -> int:
        """How many to have in hand."""
        return max(least, min(_MOST_IN_HAND, int(self._per_second * _HOLD_S)))
