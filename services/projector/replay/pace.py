"""How far a replay is and how fast it goes. Pure but for the clock it is given."""

from collections.abc import Callable, Sequence

from services.common.records import Record, TopicPartition
from services.projector.replay.reading import Places

_MEMORY_S = 5.0


class Pace:
    """Counts records from where reading began. Clock: monotonic seconds."""

    def __init__(self, begun: Places, *, clock: Callable[[], float]) -> None:
        self._at = dict(begun)
        self._clock = clock
        self._marks = [(clock(), 0)]
        self._since = 0
        self._skipped = sum(begun.values())
        """What was read by an earlier process, or is no longer in the log."""

    @property
    def done(self) -> int:
        """Records read, those of earlier processes included."""
        return self._skipped + self._since

    def read(self, records: Sequence[Record]) -> None:
        """These were read and stored."""
        self._since += len(records)
        for record in records:
            self._at[TopicPartition(record.topic, record.partition)] = record.offset + 1
        now = self._clock()
        self._marks.append((now, self._since))
        while len(self._marks) > 2 and now - self._marks[1][0] > _MEMORY_S:
            del self._marks[0]

    def left(self, ends: Places) -> int:
        """Records before `ends`, as many as there can be."""
        return sum(max(0, end - self._at.get(here, 0)) for here, end in ends.items())

    def total(self, ends: Places) -> int:
        """All there is to read."""
        return self.done + self.left(ends)

    def rate(self) -> float:
        """Records a second, over the last seconds."""
        (then, before), now = self._marks[0], self._clock()
        return (self._since - before) / (now - then) if now > then else 0.0
