"""How a batch moves the positions of one set, and which of its records that set does not have yet. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from services.common.records import Record, TopicPartition
from services.projector.core.reading import logged_at


class Wanted(NamedTuple):
    """What one set takes of a batch."""

    moves: Mapping[TopicPartition, tuple[int, int]]
    """From the expected position to the one after the batch; partitions that are further on already are left out."""
    records: Sequence[Record]
    whole: bool
    """Whether that is all of the batch."""
    as_of: datetime
    """The tables show the log as it was then."""


def wanted(records: Sequence[Record], stored: Mapping[TopicPartition, int], *, now: datetime) -> Wanted:
    """What of `records`, in offset order in each partition, lies beyond the `stored` positions."""
    first: dict[tuple[str, int], int] = {}
    last: dict[tuple[str, int], Record] = {}
    for record in records:
        here = record[:2]
        first.setdefault(here, record.offset)
        last[here] = record
    expected = {here: stored.get(TopicPartition(*here), 0) for here in last}
    moves = {
        TopicPartition(*here): (expected[here], record.offset + 1)
        for here, record in last.items()
        if record.offset >= expected[here]
    }
    whole = all(expected[here] <= offset for here, offset in first.items())
    fresh = records if whole else [record for record in records if record.offset >= expected[record[:2]]]
    as_of = min([now, *(logged_at(last[here]) for here in last if TopicPartition(*here) in moves)])
    return Wanted(moves, fresh, whole, as_of)
