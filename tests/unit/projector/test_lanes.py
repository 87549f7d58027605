"""Lanes: how a large batch is cut so that one part folds while Postgres writes another."""

from hypothesis import given
from hypothesis import strategies as st

from services.common.records import Record
from services.projector.core.handler import lanes_of


def _records(partitions: list[int]) -> list[Record]:
    return [Record("log", part, offset, 0, None, (), None) for offset, part in enumerate(partitions)]


@given(st.lists(st.integers(0, 11), max_size=1500))
def test_every_record_is_in_one_lane_and_no_partition_in_two(partitions: list[int]) -> None:
    """Nothing is lost or doubled, the order within a partition stays, and no two lanes share a partition."""
    records = _records(partitions)
    lanes = lanes_of(records)
    assert sorted(r.offset for lane in lanes for r in lane) == [r.offset for r in records]
    for lane in lanes:
        for partition in {r.partition for r in lane}:
            offsets = [r.offset for r in lane if r.partition == partition]
            assert offsets == sorted(offsets)
            assert sum(any(r.partition == partition for r in other) for other in lanes) == 1


def test_a_small_batch_stays_whole_and_a_large_one_is_cut_evenly() -> None:
    """A second transaction has to be worth it."""
    assert len(lanes_of(_records([0, 1] * 100))) == 1
    assert [len(lane) for lane in lanes_of(_records([0, 1, 2, 3] * 500))] == [1000, 1000]
    assert len(lanes_of(_records([7] * 2000))) == 1
