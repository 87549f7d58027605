"""What a set takes of a batch that other sets have partly, and how its positions move."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.records import Record, TopicPartition
from services.projector.core.moves import wanted

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LOG = "log"


def record(partition: int, offset: int) -> Record:
    """A record, taken by the log as many seconds before now as its offset is below 100."""
    time = NOW - timedelta(seconds=100 - offset)
    return Record(LOG, partition, offset, int(time.timestamp() * 1000), b"k", (), b"v")


def stored(**positions: int) -> Mapping[TopicPartition, int]:
    """Positions by partition, as `_0=3`."""
    return {TopicPartition(LOG, int(name[1:])): offset for name, offset in positions.items()}


@pytest.mark.parametrize(
    ("at", "taken", "moves", "whole"),
    [
        (stored(_0=5, _1=7), [(0, 5), (0, 6), (1, 7)], {0: (5, 7), 1: (7, 8)}, True),
        (stored(_0=6, _1=7), [(0, 6), (1, 7)], {0: (6, 7), 1: (7, 8)}, False),
        (stored(_0=9, _1=7), [(1, 7)], {1: (7, 8)}, False),
        (stored(_0=9, _1=9), [], {}, False),
        (stored(_0=2, _1=7), [(0, 5), (0, 6), (1, 7)], {0: (2, 7), 1: (7, 8)}, True),
    ],
    ids=["all of it", "the rest of a partition", "one partition", "nothing", "a topic with holes"],
)
def test_a_set_takes_what_it_does_not_have(
    at: Mapping[TopicPartition, int],
    taken: list[tuple[int, int]],
    moves: dict[int, tuple[int, int]],
    whole: bool,
) -> None:
    """By its own positions, whatever the others have."""
    plan = wanted([record(0, 5), record(0, 6), record(1, 7)], at, now=NOW)
    assert [(r.partition, r.offset) for r in plan.records] == taken
    assert {here.partition: move for here, move in plan.moves.items()} == moves
    assert plan.whole is whole


def test_the_tables_show_the_log_as_it_was_at_the_oldest_last_record() -> None:
    """Of the partitions that move; never later than now."""
    plan = wanted([record(0, 5), record(1, 90)], stored(_0=5), now=NOW)
    assert plan.as_of == NOW - timedelta(seconds=95)
    assert wanted([record(0, 200)], {}, now=NOW).as_of == NOW


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=8), st.lists(st.integers(0, 20), min_size=2, max_size=2)
)
def test_sets_that_began_apart_end_together(sizes: list[int], begun: list[int]) -> None:
    """Batch by batch from the least position, each set sees every record once, in order."""
    at = [{TopicPartition(LOG, 0): position} for position in begun]
    seen: list[list[int]] = [list(range(position)) for position in begun]
    offset = min(begun)
    for size in [*sizes, 30]:
        batch = [record(0, n) for n in range(offset, offset + size)]
        offset += size
        for positions, own in zip(at, seen, strict=True):
            plan = wanted(batch, positions, now=NOW)
            own += [r.offset for r in plan.records]
            for here, (expected, following) in plan.moves.items():
                assert positions[here] == expected
                positions[here] = following
    assert seen[0] == seen[1] == list(range(offset))
