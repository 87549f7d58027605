"""What a position remembers of the record before it, and what it says of the log that is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.fingerprints import Position, compare, fingerprint, fingerprints, to_compare
from services.common.records import LogDamaged, Record, TopicPartition

ONE, TWO, SPARSE = TopicPartition("log", 1), TopicPartition("log", 2), TopicPartition("projects", 0)
RECORD = Record("log", 1, 7, 1_000, b"key", (("ce_id", b"1"),), b"value")


def read(record: Record) -> Position:
    """The position after a record."""
    return Position(record.offset + 1, fingerprint(record))


@pytest.mark.parametrize(
    "change",
    [
        {"offset": 8},
        {"timestamp_ms": 1_001},
        {"timestamp_ms": -1},
        {"key": None},
        {"key": b"ke", "value": b"yvalue"},
        {"value": None},
        {"value": b""},
        {"value": b"other"},
    ],
    ids=str,
)
def test_another_record_has_another_fingerprint(change: dict[str, object]) -> None:
    """Whatever is different, also where one field ends and the next begins."""
    assert fingerprint(RECORD._replace(**change)) != fingerprint(RECORD)  # type: ignore[arg-type]


def test_a_restored_record_has_the_same() -> None:
    """The topic's name is not part of it, and it is the same in every process and version."""
    assert fingerprint(RECORD._replace(topic="restored")) == fingerprint(RECORD)
    assert fingerprint(RECORD).hex() == "39ffa1c4d7553bfcc4c3a0135d74fd5d"


def test_only_the_last_record_of_each_partition_counts() -> None:
    """A position that does not follow the last record remembers nothing, nor does one whose record was not given."""
    records = [RECORD, RECORD._replace(partition=2, offset=3), RECORD._replace(offset=8)]
    assert fingerprints(records, {ONE: (7, 9), TWO: (3, 4)}) == {
        ONE: fingerprint(records[2]),
        TWO: fingerprint(records[1]),
    }
    assert fingerprints(records, {ONE: (7, 8), SPARSE: (0, 1)}) == {ONE: fingerprint(RECORD)}
    assert fingerprints(records, {ONE: (0, 10), TWO: (0, 3)}) == {}
    assert fingerprints((), {ONE: (0, 1)}) == {}


class Counted(list[Record]):
    """Counts how often it is looked into."""

    looks = 0

    def __getitem__(self, at: int) -> Record:  # type: ignore[override]
        """Look."""
        self.looks += 1
        return super().__getitem__(at)


def test_a_batch_is_not_walked_through() -> None:
    """Given two partitions of a thousand records each, then a handful of them is looked at."""
    records = Counted(
        RECORD._replace(partition=partition, offset=offset)
        for partition in (1, 2)
        for offset in range(5, 1005)
    )
    found = fingerprints(records, {ONE: (5, 1005), TWO: (5, 1005)})
    assert found.keys() == {ONE, TWO}
    assert records.looks < 10


@given(st.dictionaries(st.integers(0, 11), st.sets(st.integers(0, 9), min_size=1)), st.integers(0, 3))
def test_with_holes_or_without(offsets: dict[int, set[int]], before: int) -> None:
    """It is the last record of each partition, also where reading began before the first."""
    records = [
        RECORD._replace(partition=partition, offset=offset + before)
        for partition, some in offsets.items()
        for offset in sorted(some)
    ]
    last = {TopicPartition("log", record.partition): record for record in records}
    moves = {here: (min(offsets[here.partition]), record.offset + 1) for here, record in last.items()}
    assert fingerprints(records, moves) == {here: fingerprint(record) for here, record in last.items()}


def test_what_is_read_again() -> None:
    """The record before each position that remembers one, if the log still reaches so far back."""
    stored = {ONE: read(RECORD), TWO: Position(4), SPARSE: read(RECORD)}
    assert to_compare(stored, {ONE: 0, TWO: 0, SPARSE: 8}) == {ONE: 7}
    assert to_compare({**stored, TWO: 4}, {ONE: 0, SPARSE: 7}) == {ONE: 7, SPARSE: 7}


def test_the_same_record_says_that_it_is_the_same_log() -> None:
    """Given that it lies where it lay, then reading goes on."""
    compare({ONE: read(RECORD)}, {ONE: 7}, {ONE: RECORD})


def test_another_record_is_damage() -> None:
    """The sentence says where, what happened, and both ways out."""
    with pytest.raises(LogDamaged, match=r"log/1 does not hold at offset 7 .* made anew") as damage:
        compare({ONE: read(RECORD)}, {ONE: 7}, {ONE: RECORD._replace(value=b"other")})
    for way in ("course-accounts restore", "build the tables again", "docs/how-to/operator.md"):
        assert way in str(damage.value)


def test_a_record_that_is_gone() -> None:
    """From a compacted topic it may be, and nothing can be said; from the log it must not."""
    gone = {SPARSE: read(RECORD)}
    compare(gone, {SPARSE: 7}, {}, ["projects"])
    with pytest.raises(LogDamaged, match="projects/0 does not hold at offset 7"):
        compare(gone, {SPARSE: 7}, {})
