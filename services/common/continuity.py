"""Which offset each partition must show next: the pure half of the consumer."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from services.common.records import WAY_OUT, LogDamaged, Record, TopicPartition

_PLACE = attrgetter("topic", "partition")
_new: Any = tuple.__new__  # a third of the time of a NamedTuple's own


class RawRecord(Protocol):
    """The part of aiokafka's record we read."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


class Admitted(NamedTuple):
    """What of a fetched batch may be handled, and what was wrong with the rest."""

    records: list[Record]
    reached: Mapping[TopicPartition, int]
    """Next offset of each partition once these records are handled."""
    repeated: Mapping[TopicPartition, int]
    """Partitions that showed records already handled, with the offset of the first; these were left out."""
    gaps: Mapping[TopicPartition, int]
    """Partitions that jumped ahead, with the offset they jumped to; left out from there on."""


class Continuity:
    """Next offset of every partition we own; partitions we do not own admit nothing.

    Kafka never leaves a hole in a log without compaction and transactions, so a
    hole means a race of the client (cured by seeking) or lost data. Topics that
    may have holes (compacted, or with expiry) are named as `sparse`.
    """

    def __init__(self, sparse: Collection[str] = ()) -> None:
        self._sparse = frozenset(sparse)
        self._next: dict[TopicPartition, int] = {}

    @property
    def next_offsets(self) -> Mapping[TopicPartition, int]:
        """Offset after the last handled record, per partition we own."""
        return self._next

    def begin(self, positions: Mapping[TopicPartition, int]) -> None:
        """Own exactly these partitions, from these offsets on."""
        self._next = dict(positions)

    def forget(self) -> None:
        """Own nothing."""
        self._next = {}

    def admit(self, fetched: Sequence[RawRecord]) -> Admitted:
        """Turn fetched records, grouped by partition, into those that continue what was handled."""
        records: list[Record] = []
        reached: dict[TopicPartition, int] = {}
        repeated: dict[TopicPartition, int] = {}
        gaps: dict[TopicPartition, int] = {}
        for (topic, partition), run in groupby(fetched, key=_PLACE):
            here = TopicPartition(topic, partition)
            expected = self._next.get(here)
            if expected is None:
                continue
            dense = topic not in self._sparse
            for raw in run:
                offset = raw.offset
                if offset != expected:
                    if offset < expected:
                        repeated.setdefault(here, offset)
                        continue
                    if dense:
                        gaps[here] = offset
                        break
                expected = offset + 1
                fields = (topic, partition, offset, raw.timestamp, raw.key, raw.headers, raw.value)
                records.append(_new(Record, fields))
            if expected != self._next[here]:
                reached[here] = expected
        return Admitted(records, reached, repeated, gaps)

    def done(self, reached: Mapping[TopicPartition, int]) -> None:
        """Move past handled records; partitions lost in the meantime are left alone."""
        self._next.update((here, offset) for here, offset in reached.items() if here in self._next)


def starting_points(
    stored: Mapping[TopicPartition, int],
    begins: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
    sparse: Collection[str] = (),
) -> dict[TopicPartition, int]:
    """Return where to read each partition from, given what the log still holds.

    Raises:
        LogDamaged: the log begins after, or ends before, the stored position.
    """
    found: dict[TopicPartition, int] = {}
    for here, end in ends.items():
        begin = begins[here]
        position = stored.get(here, begin if here.topic in sparse else 0)
        if position > end:
            raise LogDamaged(
                f"{here.topic}/{here.partition} ends at offset {end}, but everything before {position} was "
                f"read already: the topic was truncated or made anew. {WAY_OUT}"
            )
        if position < begin and here.topic not in sparse:
            raise LogDamaged(
                f"{here.topic}/{here.partition} begins at offset {begin}, but {position} is to be read next: "
                f"records were deleted. {WAY_OUT}"
            )
        found[here] = max(int(position), begin)
    return found
