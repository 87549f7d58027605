"""Which records continue what was handled, and where reading may begin."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.continuity import Continuity, starting_points
from services.common.records import LogDamaged, TopicPartition


@dataclass
class Raw:
    """A fetched record."""

    partition: int
    offset: int
    topic: str = "t"
    timestamp: int = 1
    key: bytes | None = None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    value: bytes | None = None


ONE, TWO = TopicPartition("t", 1), TopicPartition("t", 2)


def offsets(continuity: Continuity, *fetched: Raw) -> list[tuple[int, int]]:
    """Partition and offset of what is admitted."""
    return [(r.partition, r.offset) for r in continuity.admit(fetched).records]


def test_continues_each_partition() -> None:
    """Records that follow what was handled are admitted; done moves on, so the same ones are not again."""
    continuity = Continuity()
    continuity.begin({ONE: 5, TWO: 0})
    fetched = (Raw(1, 5), Raw(1, 6), Raw(2, 0))
    admitted = continuity.admit(fetched)
    assert [(r.partition, r.offset) for r in admitted.records] == [(1, 5), (1, 6), (2, 0)]
    assert admitted.reached == {ONE: 7, TWO: 1}
    continuity.done(admitted.reached)
    again = continuity.admit(fetched)
    assert again.records == []
    assert again.repeated == {ONE: 5, TWO: 0}


def test_nothing_of_others() -> None:
    """A partition we do not own admits nothing, and finishing its batch late brings it back to nobody."""
    continuity = Continuity()
    continuity.begin({ONE: 0})
    admitted = continuity.admit((Raw(1, 0), Raw(2, 0)))
    assert [r.partition for r in admitted.records] == [1]
    continuity.forget()
    continuity.done(admitted.reached)
    assert dict(continuity.next_offsets) == {}
    assert offsets(continuity, Raw(1, 1)) == []


def test_hole() -> None:
    """Nothing behind a hole is admitted, other partitions are; in a sparse topic a hole is none."""
    continuity = Continuity(sparse=["compact"])
    continuity.begin({ONE: 0, TWO: 0, TopicPartition("compact", 0): 0})
    admitted = continuity.admit(
        (Raw(1, 0), Raw(1, 2), Raw(1, 3), Raw(2, 0), Raw(0, 4, "compact"), Raw(0, 9, "compact"))
    )
    assert [(r.topic, r.partition, r.offset) for r in admitted.records] == [
        ("t", 1, 0),
        ("t", 2, 0),
        ("compact", 0, 4),
        ("compact", 0, 9),
    ]
    assert admitted.gaps == {ONE: 2}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=20))
def test_redelivery_in_any_shape(runs: list[tuple[int, int]]) -> None:
    """However runs overlap, what is admitted is the log from the start, each offset once, no hole."""
    continuity = Continuity()
    continuity.begin({ONE: 0})
    handled: list[int] = []
    for first, length in runs:
        admitted = continuity.admit([Raw(1, offset) for offset in range(first, first + length)])
        handled += [r.offset for r in admitted.records]
        continuity.done(admitted.reached)
    assert handled == list(range(len(handled)))
    assert continuity.next_offsets[ONE] == len(handled)


def test_starting_points() -> None:
    """Stored positions are taken; without one a log is read from 0, a sparse topic from its beginning."""
    sparse, new = TopicPartition("s", 0), TopicPartition("s", 1)
    begins = {ONE: 0, TWO: 0, sparse: 40, new: 7}
    ends = {ONE: 9, TWO: 9, sparse: 90, new: 8}
    points = starting_points({TWO: 9, sparse: 12}, begins, ends, ["s"])
    assert points == {ONE: 0, TWO: 9, sparse: 40, new: 7}


@pytest.mark.parametrize(
    ("stored", "begin", "end", "says"),
    [
        ({ONE: 3}, 4, 9, "begins at offset 4, but 3 is to be read next"),
        ({}, 4, 9, "begins at offset 4, but 0 is to be read next"),
        ({ONE: 10}, 0, 9, "ends at offset 9"),
    ],
)
def test_damage(stored: dict[TopicPartition, int], begin: int, end: int, says: str) -> None:
    """A log that does not reach from the position on is damaged, and the sentence says where."""
    with pytest.raises(LogDamaged, match=says):
        starting_points(stored, {ONE: begin}, {ONE: end})
